// SPDX-License-Identifier: MIT
// What belongs where: sets, editions over publications, withdrawal, drift, what is left out and why.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dbr/dataset/volumes.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::hidden;
using test::k_spec_2017;
using test::must;
using test::post_record;

class PlacementTest : public ::testing::Test {
 protected:
  void place_all() { must(place(manifest.database, manifest.layout(), k_spec_2017, 1000)); }
  void publish_all() {
    Release release = must(find_release(manifest.database, "danbooru2017")).value_or(Release{});
    release.spec = k_spec_2017;
    must(publish(manifest.database, release));
  }
  Drift drift_now() { return must(drift(manifest.database, manifest.layout(), k_spec_2017, 1000)); }

  // "path@edition path@edition ...", in the order of the file list
  std::string listed() {
    std::string text;
    must(for_each_placed(manifest.database, [&](const PlacedFile& file) -> Result<void> {
      text += fmt::format("{}{}@{}", text.empty() ? "" : " ", file.path, file.edition);
      return {};
    }));
    return text;
  }
  std::string removed() {
    std::string text;
    must(for_each_removed(manifest.database, [&](std::string_view path) -> Result<void> {
      text += fmt::format("{}{}", text.empty() ? "" : " ", path);
      return {};
    }));
    return text;
  }
  std::string left_out(PostId last = 1000) {
    std::string text;
    must(for_each_left_out(manifest.database, last, [&](const LeftOut& item) -> Result<void> {
      text +=
          fmt::format("{}{} {} {} {}", text.empty() ? "" : "|", item.id, to_string(item.form), item.state, item.reason);
      return {};
    }));
    return text;
  }

  test::SmallManifest manifest;
};

TEST_F(PlacementTest, RatingsDecideTheSet) {
  EXPECT_EQ(set_of("g"), Set::sfw);
  EXPECT_EQ(set_of("s"), Set::sfw);
  for (const std::string_view rating : {"q", "e", "", "x", "general", "G"}) EXPECT_EQ(set_of(rating), Set::nsfw);
}

TEST_F(PlacementTest, FilesAreListedBySeriesEditionAndId) {
  manifest.put_complete(post_record(1002, "e"));
  manifest.put_complete(post_record(3, "s"));
  manifest.put_complete(post_record(1));
  must(place(manifest.database, manifest.layout(), k_spec_2017, 2000));
  EXPECT_EQ(listed(),
            "sfw/original/0001/1.png@1 sfw/original/0003/3.png@1 sfw/512px/0001/1.jpg@1 sfw/512px/0003/3.jpg@1 "
            "nsfw/original/0002/1002.png@1 nsfw/512px/0002/1002.jpg@1");
  PlacedFile first;
  must(
      for_each_placed(manifest.database, k_series[3], {}, k_end_of_series, [&](const PlacedFile& file) -> Result<void> {
        first = file;
        return {};
      }));
  EXPECT_EQ(first.sha256, digest_hex(DigestKind::sha256, "ml of 1002"));
  EXPECT_EQ(first.md5, test::md5_of("ml of 1002"));
  EXPECT_EQ(first.size, 10);
}

TEST_F(PlacementTest, OnlyVerifiedBytesOfVisiblePostsBeforeTheCutoffEnter) {
  manifest.put_complete(post_record(1));
  manifest.put(post_record(2));  // wanted
  manifest.put(post_record(3));
  manifest.set_original(3, OriginalState::quarantined, "html");
  manifest.put_complete(post_record(4));
  manifest.put(hidden(post_record(4)));
  manifest.put_complete(post_record(5));
  manifest.put_gap(5);
  auto late = post_record(6);
  late["created_at"] = "2018-01-01T00:00:00.000Z";
  manifest.put_complete(late);
  manifest.put_complete(post_record(1001));  // beyond the range
  place_all();
  EXPECT_EQ(listed(), "sfw/original/0001/1.png@1 sfw/512px/0001/1.jpg@1");
}

TEST_F(PlacementTest, AnOriginalWithoutMlFormIsSharedAlone) {
  manifest.put(post_record(1));
  manifest.store_original(1, "video", "mp4");
  manifest.set_ml(1, MlState::not_a_still_image);
  place_all();
  EXPECT_EQ(listed(), "sfw/original/0001/1.mp4@1");
}

TEST_F(PlacementTest, PlacingAgainChangesNothing) {
  manifest.put_complete(post_record(1));
  place_all();
  const std::string before = listed();
  place_all();
  EXPECT_EQ(listed(), before);
  publish_all();
  place_all();
  EXPECT_EQ(listed(), before);
  EXPECT_EQ(drift_now().total(), 0);
}

TEST_F(PlacementTest, FilesKeepTheirEditionOverPublications) {
  manifest.put_complete(post_record(1));
  manifest.put_complete(post_record(2));
  manifest.put_complete(post_record(4));
  place_all();
  publish_all();
  manifest.put_complete(post_record(3));      // new
  manifest.store_original(2, "other bytes");  // changed
  manifest.make_ml(2);                        // the same bytes again
  manifest.put(hidden(post_record(4)));       // withdrawn
  EXPECT_EQ(drift_now().added, 2);
  EXPECT_EQ(drift_now().changed, 1);
  EXPECT_EQ(drift_now().removed, 2);
  place_all();
  EXPECT_EQ(listed(),
            "sfw/original/0001/1.png@1 sfw/original/0002/2.png@2 sfw/original/0003/3.png@2 "
            "sfw/512px/0001/1.jpg@1 sfw/512px/0002/2.jpg@1 sfw/512px/0003/3.jpg@2");
  publish_all();
  manifest.put(post_record(4));
  place_all();
  // What comes back enters anew.
  EXPECT_EQ(listed(),
            "sfw/original/0001/1.png@1 sfw/original/0002/2.png@2 sfw/original/0003/3.png@2 sfw/original/0004/4.png@3 "
            "sfw/512px/0001/1.jpg@1 sfw/512px/0002/2.jpg@1 sfw/512px/0003/3.jpg@2 sfw/512px/0004/4.jpg@3");
}

TEST_F(PlacementTest, EditionsComeBeforeIdsInTheList) {
  manifest.put_complete(post_record(2));
  place_all();
  publish_all();
  manifest.put_complete(post_record(1));
  place_all();
  EXPECT_EQ(listed(),
            "sfw/original/0002/2.png@1 sfw/original/0001/1.png@2 sfw/512px/0002/2.jpg@1 sfw/512px/0001/1.jpg@2");
}

TEST_F(PlacementTest, AnotherSetIsAnotherSeries) {
  manifest.put_complete(post_record(1));
  place_all();
  publish_all();
  manifest.put(post_record(1, "q"));
  const Drift drift = drift_now();
  EXPECT_EQ(drift.added, 2);
  EXPECT_EQ(drift.removed, 2);
  place_all();
  EXPECT_EQ(listed(), "nsfw/original/0001/1.png@2 nsfw/512px/0001/1.jpg@2");
}

TEST_F(PlacementTest, AnotherExtensionIsAChangedFile) {
  manifest.put_complete(post_record(1));
  place_all();
  publish_all();
  manifest.store_original(1, "1", "webp");
  manifest.make_ml(1);
  EXPECT_EQ(drift_now().changed, 1);
  place_all();
  EXPECT_EQ(listed(), "sfw/original/0001/1.webp@2 sfw/512px/0001/1.jpg@1");
}

TEST_F(PlacementTest, DraftsInBetweenLeaveNoTrace) {
  manifest.put_complete(post_record(1));
  place_all();
  publish_all();
  const std::string published = listed();

  // One draft without the post, one with other bytes, one with it as it was: only what is published counts.
  manifest.put(hidden(post_record(1)));
  place_all();
  EXPECT_EQ(listed(), "");
  manifest.put_complete(post_record(1));
  manifest.put_complete(post_record(1, "q"));
  place_all();
  EXPECT_EQ(listed(), "nsfw/original/0001/1.png@2 nsfw/512px/0001/1.jpg@2");
  manifest.put_complete(post_record(1));
  place_all();
  EXPECT_EQ(listed(), published);
}

TEST_F(PlacementTest, NothingIsRemovedBeforeAPublication) {
  EXPECT_EQ(removed(), "");
  manifest.put_complete(post_record(1));
  place_all();
  manifest.put(hidden(post_record(1)));
  place_all();
  EXPECT_EQ(removed(), "") << "only a draft had it";
  publish_all();
  EXPECT_EQ(removed(), "");
}

TEST_F(PlacementTest, WhatWasPublishedAndIsNoLongerIsRemovedForEver) {
  for (const int id : {10, 2, 3}) manifest.put_complete(post_record(id));
  place_all();
  publish_all();
  EXPECT_EQ(removed(), "");
  manifest.put(hidden(post_record(10)));
  manifest.put(post_record(2, "q"));
  manifest.store_original(3, "3", "webp");
  manifest.make_ml(3);
  const std::string first =
      "sfw/512px/0002/2.jpg sfw/512px/0010/10.jpg sfw/original/0002/2.png sfw/original/0003/3.png "
      "sfw/original/0010/10.png";
  place_all();
  EXPECT_EQ(removed(), first) << "of a draft";
  publish_all();
  EXPECT_EQ(removed(), first) << "of what was published";
  // The next release, and the reissue of one, have it too.
  place_all();
  EXPECT_EQ(removed(), first);
  manifest.put(hidden(post_record(3)));
  place_all();
  publish_all();
  place_all();
  EXPECT_EQ(removed(),
            "sfw/512px/0002/2.jpg sfw/512px/0003/3.jpg sfw/512px/0010/10.jpg sfw/original/0002/2.png "
            "sfw/original/0003/3.png sfw/original/0003/3.webp sfw/original/0010/10.png");
  // What is back is not removed; when it goes again, it is.
  manifest.put(post_record(2));
  manifest.put(post_record(10));
  place_all();
  const std::string second =
      "nsfw/512px/0002/2.jpg nsfw/original/0002/2.png sfw/512px/0003/3.jpg sfw/original/0003/3.png "
      "sfw/original/0003/3.webp";
  EXPECT_EQ(removed(), second);
  publish_all();
  EXPECT_EQ(removed(), second);
  manifest.put(hidden(post_record(10)));
  place_all();
  EXPECT_EQ(removed(),
            "nsfw/512px/0002/2.jpg nsfw/original/0002/2.png sfw/512px/0003/3.jpg sfw/512px/0010/10.jpg "
            "sfw/original/0003/3.png sfw/original/0003/3.webp sfw/original/0010/10.png");
}

TEST_F(PlacementTest, DraftsInBetweenRemoveNothing) {
  manifest.put_complete(post_record(1));
  place_all();
  publish_all();
  // Another extension, another set and none, each in a draft of its own; then as it was.
  for (const std::string extension : {"webp", "gif"}) {
    manifest.store_original(1, extension, extension);
    manifest.make_ml(1);
    place_all();
    EXPECT_EQ(removed(), "sfw/original/0001/1.png");
  }
  manifest.put(post_record(1, "e"));
  place_all();
  EXPECT_EQ(removed(), "sfw/512px/0001/1.jpg sfw/original/0001/1.png");
  manifest.put(hidden(post_record(1)));
  place_all();
  EXPECT_EQ(removed(), "sfw/512px/0001/1.jpg sfw/original/0001/1.png");
  manifest.put_complete(post_record(1));
  place_all();
  EXPECT_EQ(removed(), "");
  publish_all();
  EXPECT_EQ(removed(), "");
}

TEST_F(PlacementTest, KnowsWhatIsPlaced) {
  manifest.put_complete(post_record(1));
  place_all();
  const auto placed = [&](std::string_view path) {
    return must(is_placed(manifest.database, *manifest.layout().parse_shared_path(path)));
  };
  EXPECT_TRUE(placed("sfw/original/0001/1.png"));
  EXPECT_TRUE(placed("sfw/512px/0001/1.jpg"));
  EXPECT_FALSE(placed("sfw/original/0001/1.jpg"));
  EXPECT_FALSE(placed("nsfw/original/0001/1.png"));
  EXPECT_FALSE(placed("sfw/original/0002/2.png"));
}

TEST_F(PlacementTest, EveryIdInRangeIsPlacedOrSaysWhyNot) {
  manifest.put_complete(post_record(1));
  manifest.put(post_record(2));
  manifest.set_original(2, OriginalState::absent, "404");
  manifest.put(post_record(3));
  manifest.store_original(3, "video", "mp4");
  manifest.set_ml(3, MlState::not_a_still_image);
  manifest.put(hidden(post_record(4)));
  manifest.put_gap(5);
  manifest.put_complete(post_record(6));
  manifest.put(hidden(post_record(6)));  // held, but hidden since
  auto late = post_record(7);
  late["created_at"] = "2018-01-01T00:00:00.000Z";
  manifest.put_complete(late);
  manifest.put(post_record(8));
  place_all();
  EXPECT_EQ(left_out(),
            "2 original absent 404|3 512px not_a_still_image |4 original withheld |5 original expunged |"
            "6 original withheld |7 original after_cutoff |8 original wanted ");
  EXPECT_EQ(left_out(2), "2 original absent 404");
}

TEST_F(PlacementTest, AStateThatSettlesAfterPlacingIsNoticed) {
  manifest.put_complete(post_record(1));
  manifest.put(post_record(2));
  place_all();
  Release release{.spec = k_spec_2017};
  release.left_out_sha256 =
      must(for_each_left_out_line(manifest.database, 1000, [](std::string_view) { return Result<void>(); }));
  must(save_release(manifest.database, release));
  EXPECT_TRUE(must(is_left_out_as_placed(manifest.database, release, 1000)));
  manifest.set_original(2, OriginalState::absent);
  EXPECT_EQ(drift_now().total(), 0) << "no file has changed";
  EXPECT_FALSE(must(is_left_out_as_placed(manifest.database, release, 1000)));
}

TEST_F(PlacementTest, ReleasePostsComeWithTheirFilesInIdOrder) {
  manifest.put_complete(post_record(1002, "e"));
  manifest.put_complete(post_record(2));
  manifest.put(post_record(3));
  manifest.store_original(3, "video", "mp4");
  manifest.put(post_record(4));
  must(place(manifest.database, manifest.layout(), k_spec_2017, 2000));
  std::string text;
  must(for_each_release_post(manifest.database, [&](const ReleasePost& post) -> Result<void> {
    EXPECT_EQ(must(metadata::parse_post(post.json)).id, post.id);
    text += fmt::format("{} {} {} {}|", post.id, to_string(post.set), post.original, post.ml);
    return {};
  }));
  EXPECT_EQ(text,
            "2 sfw sfw/original/0002/2.png sfw/512px/0002/2.jpg|3 sfw sfw/original/0003/3.mp4 |"
            "1002 nsfw nsfw/original/0002/1002.png nsfw/512px/0002/1002.jpg|");
}

// Straight into the tables: 50,000 posts through the writer would take seconds.
TEST_F(PlacementTest, ABucketOfFiftyThousandIsRefused) {
  const auto add_posts = [&](int first, int last) {
    must(manifest.database.execute(
        fmt::format("WITH RECURSIVE n(id) AS (SELECT {} UNION ALL SELECT id + 1 FROM n WHERE id < {}) "
                    "INSERT INTO post (id, state, original, snapshot, created_at, rating) "
                    "SELECT id * 1000, 0, 1, 0, 0, 'g' FROM n;"
                    "INSERT INTO original (post_id, file_ext, size, md5, sha256) "
                    "SELECT id, 'png', 1, 'm', 's' FROM post WHERE id >= {} * 1000",
                    first, last, first)));
  };
  add_posts(1, 49'999);
  auto transaction = must(sql::Transaction::begin(manifest.database));
  EXPECT_TRUE(place(manifest.database, manifest.layout(), k_spec_2017, 100'000'000));
  add_posts(50'000, 50'000);
  const auto refused = place(manifest.database, manifest.layout(), k_spec_2017, 100'000'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_NE(refused.error().message.find("50000"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("2001 buckets"), std::string::npos) << refused.error().hint;
}

}  // namespace
}  // namespace dbr::dataset
