// SPDX-License-Identifier: MIT
#include "dbr/metadata/dump_row.hpp"

#include <gtest/gtest.h>

#include "dbr/metadata/post.hpp"
#include "support/must.hpp"

namespace dbr::metadata {
namespace {

std::string recognised(std::string_view json, std::string_view file = "x.json") {
  DumpRowReader reader;
  const auto kind = reader.recognise(json, file);
  if (!kind) return "nothing";
  return std::string(kind->table ? to_string(*kind->table) : "posts") + " " +
         std::to_string(static_cast<int>(kind->shape));
}

TEST(DumpRowTest, TellsTablesAndShapesApart) {
  EXPECT_EQ(recognised(R"({"id":1,"uploader_id":2,"rating":"s","tag_string":"a"})"), "posts 0");
  EXPECT_EQ(recognised(R"({"id":"1","uploader_id":"2","rating":"s","tag_string":"a"})"), "posts 1");
  EXPECT_EQ(recognised(R"({"id":"1","uploader_id":"2","rating":"s","tags":[]})"), "posts 2");
  EXPECT_EQ(recognised(R"({"id":1,"name":"a","post_count":2,"category":0})"), "tags 0");
  EXPECT_EQ(recognised(R"({"id":1,"name":"a","post_count":2,"is_active":true,"post_ids":[]})"), "pools 0");
  EXPECT_EQ(recognised(R"({"id":1,"post_id":2,"x":0,"body":""})"), "notes 0");
  EXPECT_EQ(recognised(R"({"id":1,"antecedent_name":"a"})", "tag_implications.json"), "tag_implications 0");
  EXPECT_EQ(recognised(R"({"id":1,"antecedent_name":"a"})"), "tag_aliases 0");
}

// They have the same keys as tables we keep, and IDs of their own.
TEST(DumpRowTest, RowsOfOtherTablesAreNotOurs) {
  EXPECT_EQ(recognised(R"({"id":5,"post_id":2,"creator_id":1,"body":"a comment","score":0})"), "nothing");
  EXPECT_EQ(recognised(R"({"id":5,"note_id":1,"post_id":2,"x":0,"body":"","version":1})"), "nothing");
  EXPECT_EQ(recognised(R"({"id":5,"artist_id":1,"name":"a","other_names":[]})"), "nothing");
  EXPECT_EQ(recognised(R"({"id":5,"artist_commentary_id":1,"post_id":2,"original_title":""})"), "nothing");
}

// Its moment in UTC lies outside the years that can be written.
TEST(DumpRowTest, APostFromBeyondTimeIsRefused) {
  for (const char* moment : {"9999-12-31T23:59:59.000-04:00", "0000-01-01T00:00:00.000+10:00"}) {
    EXPECT_FALSE(parse_post(R"({"id":1,"rating":"s","created_at":")" + std::string(moment) + "\"}")) << moment;
  }
}

}  // namespace
}  // namespace dbr::metadata
