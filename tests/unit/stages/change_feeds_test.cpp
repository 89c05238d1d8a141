// SPDX-License-Identifier: MIT
#include "change_feeds.hpp"

#include <gtest/gtest.h>

#include "support/must.hpp"

namespace dbr::stages {
namespace {

NamedPosts named(const std::string& json) {
  return named_posts({.id = 1, .record = test::must(metadata::pack(json, {}))});
}

TEST(ChangeFeedsTest, SaySinceWhenWithAZone) {
  const Timestamp since = *parse_timestamp("2026-02-03T04:05:06.789-05:00");
  for (const site::Selection& feed : change_feeds(since)) {
    ASSERT_FALSE(feed.search.empty()) << feed.table;
    EXPECT_EQ(feed.search.front().second, ">=2026-02-03T09:05:06.789Z") << feed.table;
    EXPECT_TRUE(feed.is_optional) << feed.table;
    EXPECT_TRUE(feed.only.starts_with("id,")) << feed.table;
  }
  EXPECT_EQ(changed_since("pools", since).search.front(),
            (std::pair<std::string, std::string>("updated_at", ">=2026-02-03T09:05:06.789Z")));
}

TEST(ChangeFeedsTest, NameThePostsThatChanged) {
  using Posts = std::vector<PostId>;
  EXPECT_EQ(named(R"({"id":1,"post_id":7,"parent_changed":false,"parent_id":3})").changed, Posts{7});
  EXPECT_EQ(named(R"({"id":1,"post_id":7,"parent_changed":true,"parent_id":3})").changed, (Posts{7, 3}));
  EXPECT_EQ(named(R"({"id":1,"post_id":7,"parent_changed":true,"parent_id":null})").changed, Posts{7});
  EXPECT_EQ(named(R"({"id":1,"post":{"id":9}})").changed, Posts{9});
  EXPECT_EQ(named(R"({"id":1,"post":null})").changed, Posts{});
  EXPECT_EQ(named(R"({"id":1,"description":"banned post #4","subject_type":"Post","subject_id":4})").changed, Posts{4});
  EXPECT_EQ(named(R"x({"id":1,"description":"permanently deleted post #12 (md5=99)","subject_type":null})x").changed,
            Posts{12});
  for (const std::string json : {"{}", R"({"description":"something else"})", R"({"description":"post #"})",
                                 R"({"post_id":"7"})", R"({"post_id":-7})"}) {
    EXPECT_EQ(named(json).changed, Posts{}) << json;
  }
}

TEST(ChangeFeedsTest, TellWhenParentsAreConcerned) {
  EXPECT_FALSE(named(R"({"id":1,"post_id":7,"parent_changed":false})").concerns_parents);
  EXPECT_TRUE(named(R"({"id":1,"post_id":7,"parent_changed":true})").concerns_parents);
  EXPECT_TRUE(named(R"({"id":1,"post_id":7,"status":"succeeded"})").concerns_parents);
  EXPECT_TRUE(named(R"({"id":1,"post_id":7,"user_id":2})").concerns_parents);
  EXPECT_TRUE(named(R"({"id":1,"description":"permanently deleted post #12"})").concerns_parents);
}

}  // namespace
}  // namespace dbr::stages
