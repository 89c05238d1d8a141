// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::Record;
using test::SmallRelease;

class JsonlTest : public ::testing::Test {
 protected:
  JsonlTest() { small.write("jsonl"); }
  std::vector<Record> records(std::string_view file) {
    std::vector<Record> parsed;
    for (const std::string& line : small.lines(file)) parsed.push_back(Record::parse(line));
    return parsed;
  }
  SmallRelease small;
};

TEST_F(JsonlTest, PostsAreAsReceivedInIdOrder) {
  const auto sent = test::small_posts();
  // Dumped and compared as text: order of keys, nulls, numbers and unknown fields included.
  EXPECT_EQ(small.lines("posts.jsonl.zst"), (std::vector<std::string>{sent[0].dump(), sent[1].dump(), sent[2].dump()}));
}

TEST_F(JsonlTest, NullStaysNullAndAbsentStaysAbsent) {
  const auto posts = records("posts.jsonl.zst");
  EXPECT_TRUE(posts[0].at("approver_id").is_null());
  EXPECT_TRUE(posts[1].at("media_asset").is_null());
  EXPECT_FALSE(posts[1].contains("score"));
  EXPECT_FALSE(posts[1].contains("parent_id"));
  EXPECT_TRUE(posts[2].at("parent_id").is_null());
  EXPECT_TRUE(posts[0].at("id").is_number_integer());
  EXPECT_EQ(posts[0].at("media_asset").at("duration"), 3.25);
}

TEST_F(JsonlTest, OtherTablesAreAsReceivedButOnlyOfTheReleasesPosts) {
  for (const metadata::Table table : metadata::k_tables) {
    std::vector<Record> expected;
    for (const auto& [of, row] : test::small_tables()) {
      if (of == table && row.value("post_id", 1) != 4) expected.push_back(row);
    }
    std::ranges::sort(expected, {}, [](const Record& row) { return row.at("id").get<int>(); });
    EXPECT_EQ(records(std::string(to_string(table)) + ".jsonl.zst"), expected) << to_string(table);
  }
}

}  // namespace
}  // namespace dbr::exports
