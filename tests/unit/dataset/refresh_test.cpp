// SPDX-License-Identifier: MIT
#include "dbr/dataset/refresh.hpp"

#include <gtest/gtest.h>

#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using metadata::Table;
using test::must;
using test::post_record;
using Ids = std::vector<std::int64_t>;

class RefreshTest : public ::testing::Test {
 protected:
  test::SmallManifest manifest;
  sql::Database& database = manifest.database;
};

TEST_F(RefreshTest, MilestonesAreMomentsOrAbsent) {
  const Timestamp moment = *parse_timestamp("2026-01-02T03:04:05.678Z");
  EXPECT_EQ(must(milestone(database, Milestone::refresh_target)), std::nullopt);
  must(set_milestone(database, Milestone::refresh_target, moment));
  EXPECT_EQ(must(milestone(database, Milestone::refresh_target)), moment);
  EXPECT_EQ(must(milestone(database, Milestone::refreshed_until)), std::nullopt);
  must(clear_milestone(database, Milestone::refresh_target));
  EXPECT_EQ(must(milestone(database, Milestone::refresh_target)), std::nullopt);
}

TEST_F(RefreshTest, ForgetsTheFeedsOfOneKind) {
  must(set_feed_position(database, "posts", 5));
  must(set_feed_position(database, "changed: posts", 6));
  must(forget_feeds(database, "changed: "));
  EXPECT_EQ(must(feed_position(database, "posts")), 5);
  EXPECT_EQ(must(feed_position(database, "changed: posts")), 0);
  must(forget_feeds(database, ""));
  EXPECT_EQ(must(feed_position(database, "posts")), 0);
}

TEST_F(RefreshTest, TheTodoHoldsEachPostOnce) {
  for (const PostId id : {9, 4, 9}) must(add_todo(database, id));
  EXPECT_EQ(must(count_todo(database)), 2);
  EXPECT_EQ(must(next_todo(database, 1)), Ids{4});
  must(remove_todo(database, 4));
  EXPECT_EQ(must(next_todo(database, 10)), Ids{9});
}

TEST_F(RefreshTest, SkippedRowsArePerTable) {
  must(add_skipped(database, {}, 7, "500"));
  must(add_skipped(database, Table::tags, 7, "500"));
  must(add_skipped(database, Table::tags, 7, "again"));
  EXPECT_EQ(must(skipped_rows(database, {})), Ids{7});
  must(remove_skipped(database, {}, 7));
  EXPECT_EQ(must(skipped_rows(database, {})), Ids{});
  EXPECT_EQ(must(skipped_rows(database, Table::tags)), Ids{7});
}

TEST_F(RefreshTest, KnownUsersCanBeWantedAgain) {
  manifest.put(Table::users, {{"id", 3}, {"name", "a"}});
  manifest.put(Table::artists, {{"id", 4}, {"name", "b"}});
  must(want_known_users(database));
  EXPECT_EQ(must(wanted_users(database, 10)), Ids{3});
  must(remove_wanted_user(database, 3));
  EXPECT_EQ(must(wanted_users(database, 10)), Ids{});
}

TEST_F(RefreshTest, ForgettingRowsIsAChangeOfTheMetadata) {
  manifest.put(post_record(1));
  for (const int id : {10, 11}) manifest.put(Table::notes, {{"id", id}, {"post_id", 9 - id % 2}, {"body", "x"}});
  manifest.put(Table::artist_commentaries, {{"id", 10}, {"post_id", 9}});
  manifest.put(Table::pools, {{"id", 10}, {"post_ids", {9}}});
  const auto version = must(metadata_version(database));
  must(forget_records_of(database, 9));
  EXPECT_EQ(must(record_ids(database, Table::notes, 0, 100)), Ids{11});
  EXPECT_EQ(must(record_ids(database, Table::artist_commentaries, 0, 100)), Ids{});
  EXPECT_EQ(must(record_ids(database, Table::pools, 0, 100)), Ids{10});
  EXPECT_EQ(must(metadata_version(database)), version + 1);
  must(forget_records_of(database, 9));
  EXPECT_EQ(must(metadata_version(database)), version + 1) << "nothing was there";
  must(forget_record(database, Table::pools, 10));
  EXPECT_EQ(must(record_ids(database, Table::pools, 0, 100)), Ids{});
  EXPECT_EQ(must(metadata_version(database)), version + 2);
}

TEST_F(RefreshTest, RecordIdsAreThoseOfARange) {
  for (const int id : {1, 5, 9}) manifest.put(Table::tags, {{"id", id}, {"name", "t"}});
  EXPECT_EQ(must(record_ids(database, Table::tags, 1, 9)), (Ids{5, 9}));
  EXPECT_EQ(must(record_ids(database, Table::tags, 1, 8)), Ids{5});
}

TEST_F(RefreshTest, KnowsRelationsOfPostsThatAreShown) {
  auto child = post_record(2);
  child["parent_id"] = 1;
  child["is_deleted"] = true;
  manifest.put(post_record(1));
  manifest.put(child);
  EXPECT_EQ(must(known_relation(database, 1))->parent, std::nullopt);
  EXPECT_EQ(must(known_relation(database, 2))->parent, 1);
  EXPECT_TRUE(must(known_relation(database, 2))->is_deleted);
  manifest.put_gap(2);
  EXPECT_FALSE(must(known_relation(database, 2)));
  EXPECT_FALSE(must(known_relation(database, 99)));
}

TEST_F(RefreshTest, PostsBeyondAnId) {
  EXPECT_EQ(must(highest_post(database)), 0);
  for (const PostId id : {1, 2, 4}) manifest.put(post_record(id));
  manifest.put_gap(3);
  EXPECT_EQ(must(highest_post(database)), 4);
  EXPECT_EQ(must(shown_posts_after(database, 1, 10)), (Ids{2, 4}));
  EXPECT_EQ(must(shown_posts_after(database, 1, 1)), Ids{2});
}

}  // namespace
}  // namespace dbr::dataset
