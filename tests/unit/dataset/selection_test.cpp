// SPDX-License-Identifier: MIT
// What the user leaves out, and how it comes back.
#include "dbr/dataset/selection.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "dbr/dataset/requeue.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::must;
using test::post_record;
using Ids = std::vector<PostId>;

constexpr PostId k_last = std::numeric_limits<PostId>::max();

class SelectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // 1: plain; 2: rating e; 3: another tag; 4: large; 5: video
    for (PostId id = 1; id <= 5; ++id) manifest.put(record(id));
  }

  static nlohmann::ordered_json record(PostId id) {
    auto post = post_record(id);
    post["rating"] = id == 2 ? "e" : "s";
    if (id == 3) {
      post["tag_string"] = "1girl guro solo";
      post["tag_string_general"] = "1girl guro solo";
    }
    if (id == 4) post["file_size"] = 1'000'000;
    if (id == 5) post["file_ext"] = "mp4";
    return post;
  }

  Ids wanted(const Selection& selection, PostRange range = {k_last}) {
    const Totals promised = must(selected_totals(manifest.database, selection, range));
    must(apply_selection(manifest.database, selection, range, [] { return true; }));
    auto queue = must(WantedOriginals::open(manifest.database, range, FetchOrder::oldest));
    const Totals totals = must(queue.totals());
    EXPECT_EQ(promised.items, totals.items);
    EXPECT_EQ(promised.bytes, totals.bytes);
    return test::ids_of(queue);
  }
  std::int64_t excluded(std::string_view reason) {
    return manifest.integer(
        "SELECT count(*) FROM post p JOIN original o ON o.post_id = p.id WHERE p.original = 8 "
        "AND o.reason = '" +
        std::string(reason) + "'");
  }

  test::SmallManifest manifest;
};

TEST_F(SelectionTest, EachWishLeavesOutWhatItNames) {
  EXPECT_EQ(wanted({}), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(wanted({.only = Set::sfw}), (Ids{1, 3, 4, 5}));
  EXPECT_EQ(excluded("rating"), 1);
  EXPECT_EQ(wanted({.only = Set::nsfw}), (Ids{2}));
  EXPECT_EQ(wanted({.only = Set::sfw, .sfw_ratings = "gsqe"}), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(wanted({.exclude_tags = {"guro"}}), (Ids{1, 2, 4, 5}));
  EXPECT_EQ(excluded("tag"), 1);
  EXPECT_EQ(wanted({.exclude_tags = {"nothing_has_it,guro"}}), (Ids{1, 2, 4, 5}));
  EXPECT_EQ(wanted({.max_file_size = 999'999}), (Ids{1, 2, 3, 5}));
  EXPECT_EQ(excluded("size"), 1);
  EXPECT_EQ(wanted({.max_file_size = 1'000'000}), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(wanted({.skip_non_images = true}), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(excluded("not_an_image"), 1);
  EXPECT_EQ(wanted({}), (Ids{1, 2, 3, 4, 5}));
}

TEST_F(SelectionTest, AnImplyingTagAndAnAliasCount) {
  manifest.put(metadata::Table::tag_aliases,
               {{"id", 1}, {"antecedent_name", "gore"}, {"consequent_name", "violence"}, {"status", "active"}});
  manifest.put(metadata::Table::tag_implications,
               {{"id", 1}, {"antecedent_name", "guro"}, {"consequent_name", "violence"}, {"status", "active"}});
  EXPECT_EQ(wanted({.exclude_tags = {"gore"}}), (Ids{1, 2, 4, 5}));
}

TEST_F(SelectionTest, OnlyTheRangeIsLeftOut) {
  EXPECT_EQ(wanted({.only = Set::sfw}, {1}), (Ids{1}));
  EXPECT_EQ(excluded("rating"), 0);
  EXPECT_EQ(wanted({.only = Set::sfw}, {k_last, {{2, 3}}}), (Ids{3}));
}

TEST_F(SelectionTest, WhatIsStoredStays) {
  manifest.store_original(2);
  wanted({.only = Set::sfw});
  EXPECT_EQ(manifest.integer("SELECT original FROM post WHERE id = 2"), 1);
}

TEST_F(SelectionTest, NewFactsAreLookedAtAgain) {
  wanted({.only = Set::sfw});
  auto post = record(2);
  post["rating"] = "s";
  manifest.put(post);
  EXPECT_EQ(wanted({.only = Set::sfw}), (Ids{1, 2, 3, 4, 5}));
}

TEST_F(SelectionTest, InterruptedItGoesOnTheNextTime) {
  must(apply_selection(manifest.database, {.only = Set::sfw}, {k_last}, [] { return false; }));
  EXPECT_EQ(wanted({.only = Set::sfw}), (Ids{1, 3, 4, 5}));
}

TEST_F(SelectionTest, RetryTakesWhatIsNamed) {
  manifest.set_original(1, OriginalState::absent, "not_found");
  manifest.set_original(2, OriginalState::refused, "url");
  manifest.set_original(3, OriginalState::excluded, "tag");
  manifest.store_original(4);
  manifest.set_ml(4, MlState::failed);
  const auto requeue = [&](std::vector<std::string> reasons, PostRange range = {k_last}, bool is_dry = false) {
    return must(requeue_failed(manifest.database, reasons, range, is_dry));
  };
  EXPECT_EQ(requeue({}, {k_last}, true).originals.size(), 2U);
  EXPECT_EQ(manifest.integer("SELECT original FROM post WHERE id = 1"), 3) << "a dry run changes nothing";
  EXPECT_TRUE(requeue({"url"}, {k_last, {{1}}}).originals.empty());
  EXPECT_EQ(requeue({"not_found"}).originals, (std::map<std::string, std::int64_t>{{"absent: not_found", 1}}));
  EXPECT_EQ(manifest.integer("SELECT original FROM post WHERE id = 1"), 0);
  EXPECT_EQ(requeue({"refused"}).originals, (std::map<std::string, std::int64_t>{{"refused: url", 1}}));
  EXPECT_EQ(manifest.integer("SELECT state FROM ml WHERE post_id = 4"), 4);
  EXPECT_EQ(requeue({}).ml_forms.size(), 1U);
  EXPECT_EQ(manifest.integer("SELECT state FROM ml WHERE post_id = 4"), 1);
  EXPECT_EQ(manifest.integer("SELECT original FROM post WHERE id = 3"), 8) << "what was left out is no failure";
}

TEST_F(SelectionTest, OnlyWhatWasRefusedUnaskedIsLookedAtAgain) {
  manifest.set_original(1, OriginalState::refused, "url");
  manifest.set_original(2, OriginalState::refused, "extension");
  manifest.set_original(3, OriginalState::refused, "transfer");
  manifest.set_original(4, OriginalState::refused, "too_large");
  must(requeue_refused(manifest.database, [](std::string_view, std::string_view) { return true; }));
  EXPECT_EQ(wanted({}), (Ids{1, 2, 5}));
}

TEST_F(SelectionTest, SamplesAreStoredOriginalsOfPostsTheSiteShows) {
  EXPECT_TRUE(must(stored_samples(manifest.database, 3)).empty());
  for (const PostId id : {1, 3}) manifest.store_original(id);
  const auto samples = must(stored_samples(manifest.database, 1));
  ASSERT_EQ(samples.size(), 2U) << "the newest and the oldest";
  EXPECT_EQ(samples[0].id, 3);
  EXPECT_EQ(samples[1].id, 1);
  EXPECT_EQ(samples[0].md5, test::md5_of("3"));
}

}  // namespace
}  // namespace dbr::dataset
