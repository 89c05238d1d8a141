// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::must;
using test::SmallRelease;

TEST(CsvTest, TagsAreThoseOfTheReleaseTheMostUsedFirst) {
  SmallRelease small;
  small.write("csv");
  const std::string text = dbr::test::read_bytes(small.folder() / "tags.csv");
  EXPECT_TRUE(text.starts_with("tag_id,name,category,count\n500,1girl,0,2\n")) << text;
  EXPECT_NE(text.find("\n300,somebody,1,1\n"), std::string::npos);
  EXPECT_NE(text.find(",\"\"\"quoted\"\"\",0,1\n"), std::string::npos);
  EXPECT_EQ(text.find("nobody_uses_this"), std::string::npos);
}

TEST(CsvTest, RelationsAreAllOfThem) {
  SmallRelease small;
  small.manifest.put(metadata::Table::tag_implications, {{"id", 3},
                                                         {"antecedent_name", "a,b"},
                                                         {"consequent_name", "line\nbreak"},
                                                         {"status", "active"},
                                                         {"created_at", "2017-03-04T05:06:07.089-05:00"}});
  small.write("csv");
  EXPECT_EQ(dbr::test::read_bytes(small.folder() / "tag_aliases.csv"),
            "id,antecedent_name,consequent_name,status,creator_id,approver_id,forum_topic_id,reason,forum_post_id,"
            "created_at,updated_at\n1,girl,1girl,active,,,,,,,\n");
  EXPECT_TRUE(dbr::test::read_bytes(small.folder() / "tag_implications.csv")
                  .ends_with("\n2,twin's,solo,deleted,,,,,,,\n"
                             "3,\"a,b\",\"line\nbreak\",active,,,,,,2017-03-04T10:06:07.089Z,\n"));
}

}  // namespace
}  // namespace dbr::exports
