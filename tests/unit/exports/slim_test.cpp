// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::must;
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
  EXPECT_EQ(file.rows("SELECT * FROM images ORDER BY image_id", 5),
            "1|sfw/original/0001/1.png|png|g|0\n2|sfw/original/0002/2.png|png|s|0\n"
            "1003|nsfw/original/0003/1003.png|png|e|0");
  EXPECT_EQ(file.rows("SELECT tag_id, name, category, count FROM tags WHERE tag_id > 0 ORDER BY tag_id", 4),
            "300|somebody|1|1\n400|solo|0|1\n500|1girl|0|2");
  for (const std::string& tag : test::k_hostile_tags) {
    std::string quoted;
    for (const char c : tag) quoted += c == '\'' ? "''" : std::string(1, c);
    EXPECT_EQ(file.value("SELECT image_id FROM imageTags NATURAL JOIN tags WHERE name = '" + quoted + "'"), "1") << tag;
  }
  EXPECT_EQ(file.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(file.value("PRAGMA foreign_key_check"), "");
  EXPECT_EQ(file.value("PRAGMA user_version"), "2");
}

TEST(SlimSqliteTest, WithoutARatingItIsNull) {
  SmallRelease small;
  auto post = dbr::test::post_record(2);
  post["rating"] = nullptr;
  small.manifest.put(post);
  small.write("slim-sqlite");
  Written file(small.folder() / "filename-tags.sqlite");
  EXPECT_EQ(file.value("SELECT rating FROM images WHERE image_id = 2"), "~");
}

// The queries of SmilingWolf/SW-CV-ModelZoo (Generator/PrepTFRecord.py) and of fire-eggs/Danbooru2021 (browser/
// danboorudb.py), word for word but for the parameters.
TEST(SlimSqliteTest, IsReadByItsReadersAsTheyAre) {
  SmallRelease small;
  small.write("slim-sqlite");
  Written file(small.folder() / "filename-tags.sqlite");
  EXPECT_TRUE(file.value("SELECT tag_id FROM imageTags WHERE image_id = 1003").ends_with("\n500"));
  EXPECT_EQ(file.value("select image_id from images where hidden = 0 and rating='e' and image_id in "
                       "(select image_id from imageTags where tag_id in "
                       "(select tag_id from tags where name like '1girl')) order by image_id"),
            "1003");
  EXPECT_EQ(file.value("select file_ext from images where image_id=1"), "png");
  EXPECT_EQ(file.rows("select category,name from tags where tag_id in (select tag_id from imageTags where "
                      "image_id=1003) order by category,name",
                      2),
            "0|1girl\n0|unheard_of");
  EXPECT_EQ(file.rows("select name,count from tags where name like '1girl' order by name", 2), "1girl|2");
  EXPECT_EQ(file.rows("EXPLAIN QUERY PLAN SELECT tag_id FROM imageTags WHERE image_id = 1", 4).find("SCAN"),
            std::string::npos);
}

// With IDs as large as they will be for some years.
TEST(SlimSqliteTest, TakesSixtyBytesAPostAndFourteenATag) {
  SmallRelease small;
  constexpr int k_posts = 300, k_tags = 80;
  std::string tags;
  for (int tag = 100; tag < 100 + k_tags; ++tag) {
    const std::string name = "tag_" + std::to_string(tag);
    small.manifest.put(metadata::Table::tags, {{"id", 2'000'000 + tag}, {"name", name}, {"category", 0}});
    tags += (tags.empty() ? "" : " ") + name;
  }
  for (PostId id = 11'000'000; id < 11'000'000 + k_posts; ++id) {
    auto post = dbr::test::post_record(id);
    post["tag_string"] = post["tag_string_general"] = tags;
    small.manifest.put(post);
    small.manifest.store_original(id);
  }
  must(dataset::place(small.manifest.database, small.manifest.layout(), small.release.spec, 12'000'000));
  small.write("slim-sqlite");
  EXPECT_LE(std::filesystem::file_size(small.folder() / "filename-tags.sqlite"), k_posts * (60 + 14 * k_tags));
}

}  // namespace
}  // namespace dbr::exports
