// SPDX-License-Identifier: MIT
#include "dbr/metadata/post.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/must.hpp"
#include "unit/metadata/samples.hpp"
#include "unit/metadata/unpacked.hpp"

namespace dbr::metadata {
namespace {

using dbr::test::must;

std::string with(std::string_view key, const nlohmann::ordered_json& value) {
  auto row = nlohmann::ordered_json::parse(test::k_post_2025);
  row[std::string(key)] = value;
  return row.dump();
}

TEST(PostTest, ReadsTodaysRecord) {
  const Post post = must(parse_post(test::k_post_2025));
  EXPECT_EQ(post.id, 9969513);
  EXPECT_EQ(post.state, PostState::live);
  EXPECT_EQ(format_timestamp(post.created_at), "2025-09-15T23:27:31.639Z");
  EXPECT_EQ(post.rating, "g");
  EXPECT_EQ(post.md5, "bd6cde0ec3b896251118d59b4d0e01b4");
  EXPECT_EQ(post.file_ext, "jpg");
  EXPECT_EQ(post.file_size, 277355);
  EXPECT_EQ(post.file_url, "https://cdn.example/original/bd/6c/bd6cde0ec3b896251118d59b4d0e01b4.jpg");
}

TEST(PostTest, KeepsTheRecordValueForValueAndInOrder) {
  const auto sent = nlohmann::ordered_json::parse(test::k_post_2025);
  const Post post = must(parse_post(test::k_post_2025));
  const std::string json = test::unpacked(post.record, base_of(post));
  EXPECT_EQ(json, sent.dump());
  // What was parsed once parses again to the same.
  EXPECT_EQ(must(parse_post(json)).record.values, post.record.values);
}

TEST(PostTest, UnknownFieldsAndUnicodeSurvive) {
  const std::string text =
      R"({"id":1,"created_at":"2020-01-01T00:00:00Z","new_field":{"deep":[1,2.5,null,"あ\u0007\"\\"]},"big":18446744073709551615})";
  const Post post = must(parse_post(text));
  const auto kept = nlohmann::json::parse(test::unpacked(post.record, base_of(post)));
  EXPECT_EQ(kept, nlohmann::json::parse(text));
}

TEST(PostTest, ReadsOldRecords) {
  const Post post = must(parse_post(test::k_post_2017));
  EXPECT_EQ(post.state, PostState::deleted);
  EXPECT_EQ(post.file_url, "/data/__1girl__47a890d045ebe564e816a774814ae2f6.png");
  EXPECT_EQ(format_timestamp(post.created_at), "2016-10-01T01:15:02.123Z");
}

TEST(PostTest, HiddenPostsAreWithheldInEveryEra) {
  for (const auto text : {test::k_hidden_today, test::k_hidden_2016}) {
    const Post post = must(parse_post(text));
    EXPECT_EQ(post.state, PostState::withheld);
    EXPECT_EQ(post.md5, "");
    EXPECT_EQ(post.file_url, "");
  }
  EXPECT_EQ(parse_post(test::k_hidden_2021).error().kind, ErrorKind::corrupt);
  // A deleted post that is hidden as well is withheld: there is nothing to fetch.
  auto row = nlohmann::ordered_json::parse(test::k_hidden_today);
  row["is_deleted"] = true;
  EXPECT_EQ(must(parse_post(row.dump())).state, PostState::withheld);
}

TEST(PostTest, NullIsLikeAbsent) {
  const Post post = must(parse_post(with("md5", nullptr)));
  EXPECT_EQ(post.state, PostState::withheld);
  EXPECT_EQ(must(parse_post(with("file_size", nullptr))).file_size, 0);
}

TEST(PostTest, RefusesWhatIsNoPost) {
  for (const std::string& text : {std::string(),
                                  std::string("null"),
                                  std::string("[]"),
                                  std::string("{}"),
                                  std::string("{"),
                                  std::string(R"({"id":1})"),
                                  std::string(R"({"id":1,"created_at":null})"),
                                  with("id", "9969513"),
                                  with("id", 0),
                                  with("id", -3),
                                  with("id", 1.5),
                                  with("created_at", "yesterday"),
                                  with("created_at", 1505500000),
                                  with("md5", "BD6CDE0EC3B896251118D59B4D0E01B4"),
                                  with("md5", "../../etc/passwd"),
                                  with("md5", 5),
                                  with("file_url", 5),
                                  with("rating", false),
                                  with("file_size", "277355"),
                                  with("is_deleted", "true"),
                                  std::string("{\"id\":1,\"created_at\":\"2020-01-01T00:00:00Z\",\"source\":\"\xff\"}"),
                                  std::string(test::k_row_2017_dump)}) {
    const auto post = parse_post(text);
    ASSERT_FALSE(post) << text;
    EXPECT_EQ(post.error().kind, ErrorKind::corrupt);
  }
}

TEST(PostTest, DeepNestingIsRefusedAndTextWithBracketsIsNot) {
  EXPECT_TRUE(parse_post(with("deep", nlohmann::ordered_json::parse(std::string(50, '[') + std::string(50, ']')))));
  EXPECT_FALSE(parse_post(with("deep", nlohmann::ordered_json::parse(std::string(100, '[') + std::string(100, ']')))));
  EXPECT_TRUE(parse_post(with("source", std::string(1000, '[') + "\\\"" + std::string(1000, '{'))));
  const auto bomb = parse_posts(std::string(1'000'000, '['));
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().kind, ErrorKind::corrupt);
}

TEST(PostPageTest, SortsAndListsRefusedRows) {
  const std::string page = "[" + with("id", 30) + "," + std::string(test::k_hidden_2021) + "," + with("id", 10) +
                           ",5," + with("id", 20) + "]";
  const PostPage posts = must(parse_posts(page));
  ASSERT_EQ(posts.posts.size(), 3);
  EXPECT_EQ(posts.posts[0].id, 10);
  EXPECT_EQ(posts.posts[2].id, 30);
  ASSERT_EQ(posts.refused.size(), 2);
  EXPECT_NE(posts.refused[0].reason.find("id"), std::string::npos);
  EXPECT_EQ(posts.refused[0].id, 0);
}

TEST(PostPageTest, ARefusedRowKeepsItsId) {
  const PostPage posts =
      must(parse_posts(R"([{"id":7,"created_at":"some day"},{"id":3000000000,"created_at":"2017-01-01"}])"));
  ASSERT_EQ(posts.refused.size(), 2);
  EXPECT_EQ(posts.refused[0].id, 7);
  EXPECT_EQ(posts.refused[1].id, 3'000'000'000);
}

TEST(PostPageTest, AnErrorObjectIsNoPage) {
  EXPECT_EQ(parse_posts(R"({"success":false,"error":"ActiveRecord::QueryCanceled"})").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(parse_posts("<html>").error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(must(parse_posts("[]")).posts.empty());
}

}  // namespace
}  // namespace dbr::metadata
