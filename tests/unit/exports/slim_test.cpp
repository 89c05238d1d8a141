// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::SmallRelease;
using test::Written;

TEST(SlimTsvTest, OneLineAPost) {
  SmallRelease small;
  small.write("slim-tsv");
  std::string tags = "1girl solo";
  for (const std::string& tag : test::k_hostile_tags) tags += " " + tag;
  EXPECT_EQ(
      small.lines("filename-tags.tsv.zst"),
      (std::vector<std::string>{"path\trating\ttags", "sfw/original/0001/1.png\tg\t" + tags + " somebody",
                                "sfw/original/0002/2.png\ts\t", "nsfw/original/0003/1003.png\te\t1girl unheard_of"}));
}

TEST(SlimTsvTest, ATagThatWouldBreakALineIsLeftOut) {
  SmallRelease small;
  auto post = dbr::test::post_record(2, "s");
  post["tag_string"] = post["tag_string_general"] = "a ta\tb new\nline z car\rriage";
  small.manifest.put(post);
  small.write("slim-tsv");
  EXPECT_EQ(small.lines("filename-tags.tsv.zst").at(2), "sfw/original/0002/2.png\ts\ta z");
}

TEST(SlimSqliteTest, HoldsFileNamesAndTags) {
  SmallRelease small;
  small.write("slim-sqlite");
  Written file(small.folder() / "filename-tags.sqlite");
  EXPECT_EQ(file.rows("SELECT id, file_name, rating FROM images ORDER BY id", 3),
            "1|sfw/original/0001/1.png|g\n2|sfw/original/0002/2.png|s\n1003|nsfw/original/0003/1003.png|e");
  EXPECT_EQ(file.rows("SELECT id, name, category FROM tags WHERE id > 0 ORDER BY id", 3),
            "300|somebody|1\n400|solo|0\n500|1girl|0");
  EXPECT_EQ(file.value("SELECT group_concat(name, ' ') FROM (SELECT name FROM image_tags JOIN tags ON id = tag_id "
                       "WHERE image_id = 1003 ORDER BY name)"),
            "1girl unheard_of");
  for (const std::string& tag : test::k_hostile_tags) {
    std::string quoted;
    for (const char c : tag) quoted += c == '\'' ? "''" : std::string(1, c);
    EXPECT_EQ(file.value("SELECT image_id FROM image_tags JOIN tags ON id = tag_id WHERE name = '" + quoted + "'"), "1")
        << tag;
  }
  EXPECT_EQ(file.value("SELECT sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE name = 'image_tags'"), "1");
  EXPECT_EQ(file.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(file.value("PRAGMA user_version"), "1");
}

}  // namespace
}  // namespace dbr::exports
