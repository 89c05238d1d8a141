// SPDX-License-Identifier: MIT
#include <fstream>

#include "dbr/metadata/dump_row.hpp"
#include "exports/legacy.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::must;
using test::Record;
using test::SmallRelease;

class LegacyTest : public ::testing::Test {
 protected:
  std::filesystem::path folder() const { return small.folder() / "posts-legacy"; }
  std::vector<std::string> lines(const std::string& file = "2017000000000000") {
    std::ifstream in(folder() / file);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }
  SmallRelease small;
};

TEST_F(LegacyTest, RowsHaveTheKeysOfTheOldOnesInTheirOrder) {
  small.write("legacy");
  const auto old_row = Record::parse(
      dbr::test::read_bytes(std::filesystem::path(DBR_TEST_DATA) / "samples/metadata-row-danbooru2017-2020.json"));
  for (const std::string& line : lines()) {
    const auto row = Record::parse(line);
    EXPECT_EQ(row.size(), 30);
    auto old_field = old_row.begin();
    for (const auto& [key, value] : row.items()) {
      EXPECT_EQ(key, old_field.key());
      EXPECT_EQ(value.type(), old_field.value().type()) << key;
      ++old_field;
    }
  }
}

TEST_F(LegacyTest, ValuesAreTheSitesInTheOldWords) {
  small.manifest.put([] {
    Record post = dbr::test::post_record(2, "s");
    post["created_at"] = "2018-01-02T05:29:07.120-05:00";
    post["source"] = "題\r\n\"";
    return post;
  }());
  small.write("legacy");
  const auto rows = lines();
  ASSERT_EQ(rows.size(), 3);
  const auto first = Record::parse(rows[0]);
  EXPECT_EQ(first.at("id"), "1");
  EXPECT_EQ(first.at("created_at"), "2016-07-01 12:00:00 UTC");
  EXPECT_EQ(first.at("updated_at"), "2017-03-04 10:06:07.089 UTC");
  EXPECT_EQ(first.at("last_commented_at"), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(first.at("rating"), "s") << "general was safe";
  EXPECT_EQ(first.at("down_score"), "-1");
  EXPECT_EQ(first.at("approver_id"), "0");
  EXPECT_EQ(first.at("pixiv_id"), "123456789012");
  EXPECT_EQ(first.at("has_children"), true);
  EXPECT_EQ(first.at("is_note_locked"), false);
  EXPECT_EQ(first.at("pools"), Record({"7"}));
  EXPECT_EQ(first.at("favs"), Record::array());
  EXPECT_EQ(first.at("tags").size(), test::k_hostile_tags.size() + 3);
  std::vector<std::string> names;
  for (const Record& tag : first.at("tags")) names.push_back(tag.at("name"));
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_NE(rows[0].find(R"({"id":"300","name":"somebody","category":"1"})"), std::string::npos);
  EXPECT_NE(rows[1].find(R"("source":"\u984c\r\n\"")"), std::string::npos) << "ASCII only";
  EXPECT_EQ(Record::parse(rows[1]).at("created_at"), "2018-01-02 10:29:07.12 UTC");
  EXPECT_EQ(Record::parse(rows[1]).at("pools"), Record({"8"})) << "twice in one pool";
  EXPECT_EQ(Record::parse(rows[2]).at("pools"), Record({"7", "8"}));
}

TEST_F(LegacyTest, OurOwnReaderOfOldDumpsKnowsThem) {
  small.write("legacy");
  metadata::DumpRowReader reader;
  std::vector<PostId> ids;
  for (std::string line : lines()) {
    const auto kind = reader.recognise(line, "2017000000000000");
    ASSERT_TRUE(kind);
    EXPECT_EQ(kind->shape, metadata::RowShape::tag_objects);
    EXPECT_FALSE(kind->table);
    line.reserve(line.size() + metadata::DumpRowReader::k_padding);
    ids.push_back(must(reader.read_post(line)).id);
  }
  EXPECT_EQ(ids, (std::vector<PostId>{1, 2, 1003}));
}

TEST_F(LegacyTest, FilesHoldAFixedNumberOfPostsAndNoneIsLeftOver) {
  must(small.manifest.database.execute("BEGIN"));
  const auto write = [&](std::int64_t posts_a_file) {
    must(write_legacy(
        {small.manifest.database, small.release, small.manifest.layout(), small.folder(), StopSource().token(), [] {}},
        posts_a_file));
  };
  write(1);
  EXPECT_EQ(lines("2017000000000000").size(), 1);
  EXPECT_EQ(lines("2017000000000002").size(), 1);
  write(2);
  EXPECT_EQ(lines("2017000000000000").size(), 2);
  EXPECT_EQ(lines("2017000000000001").size(), 1);
  EXPECT_FALSE(std::filesystem::exists(folder() / "2017000000000002"));
}

}  // namespace
}  // namespace dbr::exports
