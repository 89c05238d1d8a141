// SPDX-License-Identifier: MIT
// What a new record of a post means for its files: only another file sends them back to the beginning.
#include <gtest/gtest.h>

#include "dbr/dataset/posts.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using metadata::PostState;
using test::hidden;
using test::must;
using test::post_record;

class MetadataWriterTest : public ::testing::Test {
 protected:
  PostState post_state(PostId id) {
    return static_cast<PostState>(manifest.integer("SELECT state FROM post WHERE id = " + std::to_string(id)));
  }
  OriginalState original(PostId id) {
    return static_cast<OriginalState>(manifest.integer("SELECT original FROM post WHERE id = " + std::to_string(id)));
  }
  MlState ml(PostId id) { return test::ml_state(manifest.database, id); }
  std::int64_t version() { return must(metadata_version(manifest.database)); }

  static nlohmann::ordered_json replaced(PostId id) {
    auto record = post_record(id);
    record["md5"] = test::md5_of("another file");
    record["file_url"] = "https://cdn.example/original/another.jpg";
    record["file_ext"] = "jpg";
    return record;
  }

  test::SmallManifest manifest;
};

TEST_F(MetadataWriterTest, ANewPostIsWanted) {
  manifest.put(post_record(1));
  EXPECT_EQ(post_state(1), PostState::live);
  EXPECT_EQ(original(1), OriginalState::wanted);
  EXPECT_EQ(ml(1), MlState::waiting);
}

TEST_F(MetadataWriterTest, TagsRatingAndDeletionLeaveTheFilesAlone) {
  manifest.put_complete(post_record(1));
  auto record = post_record(1, "e");
  record["tag_string"] = "other tags";
  record["is_deleted"] = true;
  manifest.put(record);
  EXPECT_EQ(post_state(1), PostState::deleted);
  EXPECT_EQ(original(1), OriginalState::stored);
  EXPECT_EQ(ml(1), MlState::done);
}

TEST_F(MetadataWriterTest, AReplacedFileIsFetchedAgain) {
  manifest.put_complete(post_record(1));
  manifest.put(replaced(1));
  EXPECT_EQ(original(1), OriginalState::wanted);
  EXPECT_EQ(ml(1), MlState::waiting);
  const auto item = test::wanted_original(manifest.database, 1);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->md5, test::md5_of("another file"));
  EXPECT_EQ(item->file_ext, "jpg");
  EXPECT_EQ(item->held_ext, "png");  // the old bytes are still there, to be removed
}

TEST_F(MetadataWriterTest, AWithheldPostIsSettled) {
  manifest.put(hidden(post_record(1)));
  EXPECT_EQ(post_state(1), PostState::withheld);
  EXPECT_EQ(original(1), OriginalState::withheld);
  EXPECT_EQ(ml(1), MlState::no_original);
  manifest.put(post_record(2));
  manifest.put(hidden(post_record(2)));
  EXPECT_EQ(original(2), OriginalState::withheld);
}

TEST_F(MetadataWriterTest, BytesWeHoldStayOursWhenAPostIsWithheld) {
  manifest.put_complete(post_record(1));
  manifest.put(hidden(post_record(1)));
  EXPECT_EQ(post_state(1), PostState::withheld);
  EXPECT_EQ(original(1), OriginalState::stored);
  manifest.put(post_record(1));
  EXPECT_EQ(post_state(1), PostState::live);
  EXPECT_EQ(original(1), OriginalState::stored);
  EXPECT_EQ(ml(1), MlState::done);
}

TEST_F(MetadataWriterTest, AnUnwithheldPostIsWantedAgain) {
  manifest.put(hidden(post_record(1)));
  manifest.put(post_record(1));
  EXPECT_EQ(original(1), OriginalState::wanted);
  EXPECT_EQ(ml(1), MlState::waiting);
}

TEST_F(MetadataWriterTest, AFileReplacedWhileHiddenIsFetched) {
  manifest.put_complete(post_record(1));
  manifest.put(hidden(post_record(1)));
  manifest.put(replaced(1));
  EXPECT_EQ(original(1), OriginalState::wanted);
}

TEST_F(MetadataWriterTest, AnUnusableFileIsTriedAgainWhenItsUrlChanges) {
  manifest.put(post_record(1));
  manifest.set_original(1, OriginalState::absent, "404");
  auto record = post_record(1);
  record["score"] = 5;
  manifest.put(record);
  EXPECT_EQ(original(1), OriginalState::absent);
  record["file_url"] = "https://cdn.example/elsewhere.png";
  manifest.put(record);
  EXPECT_EQ(original(1), OriginalState::wanted);
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM original WHERE reason IS NOT NULL"), 0);
}

TEST_F(MetadataWriterTest, AGapIsExpunged) {
  manifest.put_gap(1);
  EXPECT_EQ(post_state(1), PostState::expunged);
  EXPECT_EQ(original(1), OriginalState::expunged);
  EXPECT_EQ(ml(1), MlState::no_original);
}

TEST_F(MetadataWriterTest, APostThatVanishesStaysReadable) {
  manifest.put_complete(post_record(1));
  manifest.put_gap(1);
  EXPECT_EQ(post_state(1), PostState::expunged);
  EXPECT_EQ(original(1), OriginalState::stored);
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM post WHERE record IS NOT NULL"), 1);
}

// The record is what it was before the gap, so "nothing changed" must not be decided by the record alone.
TEST_F(MetadataWriterTest, APostThatComesBackUnchangedIsBack) {
  manifest.put(post_record(1));
  manifest.put_gap(1);
  manifest.put(post_record(1));
  EXPECT_EQ(post_state(1), PostState::live);
  EXPECT_EQ(original(1), OriginalState::wanted);

  manifest.put_complete(post_record(2));
  manifest.put_gap(2);
  manifest.put(post_record(2));
  EXPECT_EQ(post_state(2), PostState::live);
  EXPECT_EQ(original(2), OriginalState::stored);
}

TEST_F(MetadataWriterTest, AGapThatIsFilledIsWanted) {
  manifest.put_gap(1);
  manifest.put(post_record(1));
  EXPECT_EQ(post_state(1), PostState::live);
  EXPECT_EQ(original(1), OriginalState::wanted);
}

TEST_F(MetadataWriterTest, TheVersionMovesOnlyWhenSomethingChanged) {
  EXPECT_EQ(version(), 0);
  manifest.put(post_record(1));
  EXPECT_EQ(version(), 1);
  manifest.put(post_record(1));
  EXPECT_EQ(version(), 1);
  manifest.put_gap(2);
  EXPECT_EQ(version(), 2);
  manifest.put_gap(2);
  EXPECT_EQ(version(), 2);
  manifest.put(metadata::Table::tags, {{"id", 5}, {"name", "a"}});
  EXPECT_EQ(version(), 3);
  manifest.put(metadata::Table::tags, {{"id", 5}, {"name", "a"}});
  EXPECT_EQ(version(), 3);
  manifest.put(metadata::Table::tags, {{"id", 5}, {"name", "b"}});
  EXPECT_EQ(version(), 4);
}

TEST_F(MetadataWriterTest, RecordsComeBackByTableInIdOrder) {
  manifest.put(metadata::Table::tags, {{"id", 20}, {"name", "b"}});
  manifest.put(metadata::Table::tags, {{"id", 10}, {"name", "a"}});
  manifest.put(metadata::Table::notes, {{"id", 10}, {"post_id", 1}});
  std::string seen;
  must(for_each_record(manifest.database, metadata::Table::tags,
                       [&](std::int64_t id, std::string_view json) -> Result<void> {
                         seen += std::to_string(id) + std::string(json);
                         return {};
                       }));
  EXPECT_EQ(seen, R"(10{"id":10,"name":"a"}20{"id":20,"name":"b"})");
}

TEST_F(MetadataWriterTest, ADumpNeverOverrulesTheSite) {
  manifest.put(post_record(1), 7);
  EXPECT_EQ(post_state(1), PostState::live);
  manifest.put_gap(1);
  manifest.put(post_record(1), 7);  // the dump again
  EXPECT_EQ(post_state(1), PostState::expunged);
  manifest.put(post_record(1));  // the site
  EXPECT_EQ(post_state(1), PostState::live);
  manifest.put(hidden(post_record(1)), 8);
  EXPECT_EQ(post_state(1), PostState::live);
}

TEST_F(MetadataWriterTest, AmongDumpsTheLaterUpdateStays) {
  const auto row = [](const char* updated_at, int count) {
    return nlohmann::ordered_json{{"id", 5}, {"name", "a"}, {"post_count", count}, {"updated_at", updated_at}};
  };
  manifest.put(metadata::Table::tags, row("2023-01-01T00:00:00.000Z", 9), 1);
  manifest.put(metadata::Table::tags, row("2015-01-01T00:00:00.000Z", 3), 2);
  EXPECT_NE(manifest.record(metadata::Table::tags, 5).find("\"post_count\":9"), std::string::npos);
  auto newer = post_record(1);
  newer["updated_at"] = "2020-01-01T00:00:00.000Z";
  newer["score"] = 9;
  manifest.put(newer, 1);
  newer["updated_at"] = "2019-01-01T00:00:00.000Z";
  newer["score"] = 3;
  manifest.put(newer, 2);
  EXPECT_EQ(manifest.post(1)["score"], 9);
}

TEST_F(MetadataWriterTest, ATagsNewCategoryHoldsForTheSitesPosts) {
  manifest.put(metadata::Table::tags, {{"id", 5}, {"name", "solo"}, {"category", 0}});
  manifest.put(post_record(1));
  manifest.put(post_record(2), 3);
  manifest.put(metadata::Table::tags, {{"id", 5}, {"name", "solo"}, {"category", 4}});
  EXPECT_EQ(manifest.post(1)["tag_string_general"], "1girl");
  EXPECT_EQ(manifest.post(2)["tag_string_general"], "1girl solo") << "what a dump said stays";
}

TEST_F(MetadataWriterTest, FeedsAndTheHarvestRememberWhereTheyAre) {
  EXPECT_EQ(must(feed_position(manifest.database, "posts")), 0);
  must(set_feed_position(manifest.database, "posts", 500));
  must(set_feed_position(manifest.database, "posts", 700));
  EXPECT_EQ(must(feed_position(manifest.database, "posts")), 700);
  EXPECT_EQ(must(feed_position(manifest.database, "tags")), 0);
  EXPECT_EQ(must(posts_complete_until(manifest.database)), Timestamp{});
  must(set_posts_complete_until(manifest.database, start_of_year(2018)));
  EXPECT_EQ(must(posts_complete_until(manifest.database)), start_of_year(2018));
}

TEST_F(MetadataWriterTest, TheRangeEndsWithTheLastPostBeforeTheCutoff) {
  EXPECT_EQ(must(last_id_before(manifest.database, start_of_year(2018))), 0);
  manifest.put(post_record(1));
  manifest.put_gap(2);
  auto late = post_record(3);
  late["created_at"] = "2017-12-31T19:00:00.000-05:00";  // midnight UTC: not before the cut-off
  manifest.put(late);
  EXPECT_EQ(must(last_id_before(manifest.database, start_of_year(2018))), 1);
  late["created_at"] = "2017-12-31T18:59:59.999-05:00";
  manifest.put(late);
  EXPECT_EQ(must(last_id_before(manifest.database, start_of_year(2018))), 3);
}

}  // namespace
}  // namespace dbr::dataset
