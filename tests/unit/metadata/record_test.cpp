// SPDX-License-Identifier: MIT
#include "dbr/metadata/record.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/must.hpp"
#include "unit/metadata/unpacked.hpp"

namespace dbr::metadata {
namespace {

using dbr::test::must;

TEST(RecordTest, SortsAndKeepsRecordsAsReceived) {
  const RecordPage page = must(parse_records(
      R"([{"id": 1429147, "name": "b", "related_tags": null},
          {"id": 1429140, "name": "t-34_\"tiger\"", "category": 0}])"));
  ASSERT_EQ(page.records.size(), 2);
  EXPECT_EQ(page.records[0].id, 1429140);
  EXPECT_EQ(test::unpacked(page.records[0].record, {}), R"({"id":1429140,"name":"t-34_\"tiger\"","category":0})");
  EXPECT_EQ(test::unpacked(page.records[1].record, {}), R"({"id":1429147,"name":"b","related_tags":null})");
  EXPECT_EQ(page.records[0].post_id, std::nullopt);
  EXPECT_EQ(page.refused, 0);
}

TEST(RecordTest, KnowsThePostOfANote) {
  const RecordPage page = must(parse_records(R"([{"id":3,"post_id":7,"body":"a\r\nb"},{"id":4,"post_id":null}])"));
  EXPECT_EQ(page.records[0].post_id, 7);
  EXPECT_EQ(page.records[1].post_id, std::nullopt);
}

TEST(RecordTest, CountsRowsWithoutAnId) {
  const RecordPage page = must(parse_records(R"([{"name":"x"},{"id":"5"},{"id":0},7,null,{"id":1}])"));
  ASSERT_EQ(page.records.size(), 2);  // dumps write numbers as texts
  EXPECT_EQ(page.records[1].id, 5);
  EXPECT_EQ(page.refused, 4);
}

TEST(RecordTest, RefusesWhatIsNoArray) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[{]"), std::string(100'000, '[')}) {
    const auto page = parse_records(text);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::corrupt);
  }
}

TEST(RecordTest, TableNamesAreTheSites) {
  std::set<std::string_view> names;
  for (const Table table : k_tables) names.insert(to_string(table));
  EXPECT_EQ(names, (std::set<std::string_view>{"tags", "tag_aliases", "tag_implications", "pools", "notes",
                                               "artist_commentaries", "artists", "artist_urls", "users"}));
}

}  // namespace
}  // namespace dbr::metadata
