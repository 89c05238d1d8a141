// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::SmallRelease;
using test::Written;

Written written(SmallRelease& small) {
  small.write("hakubooru");
  return Written(small.folder() / "hakubooru.sqlite");
}

TEST(HakubooruTest, RequiredFieldsAlwaysHaveAValue) {
  SmallRelease small;
  auto file = written(small);
  EXPECT_EQ(file.rows("SELECT id, created_at, uploader_id, source, parent_id, has_children, has_active_children, "
                      "bit_flags, rating, score, up_score, down_score, fav_count, file_ext, pixiv_id, updated_at "
                      "FROM post WHERE id <> 1003 ORDER BY id",
                      16),
            "1|2016-07-01T12:00:00.000Z|1|https://example.com/?a='b'&c=\"d\"\n|1003|1|0|2|0|4|5|-1|12|png|"
            "123456789012|2017-03-04T10:06:07.089Z\n"
            "2|2016-07-01T12:00:00.000Z|0||~|0|0|0|1|0|0|0|0|png|~|~");
  EXPECT_EQ(file.value("PRAGMA foreign_key_check"), "");
  EXPECT_EQ(file.value("PRAGMA integrity_check"), "ok");
}

TEST(HakubooruTest, RatingsHaveItsOwnCodes) {
  SmallRelease small;
  auto questionable = dbr::test::post_record(2, "q");
  small.manifest.put(questionable);
  auto file = written(small);
  EXPECT_EQ(file.rows("SELECT id, rating FROM post ORDER BY id", 2), "1|0\n2|2\n1003|3");

  // The letter decides, whatever it meant on the day; without one a post is not for everyone.
  auto old_safe = dbr::test::post_record(1, "s");
  old_safe["created_at"] = "2009-01-01T00:00:00.000-05:00";
  small.manifest.put(old_safe);
  auto unrated = dbr::test::post_record(2);
  unrated["rating"] = nullptr;
  small.manifest.put(unrated);
  auto again = written(small);
  EXPECT_EQ(again.rows("SELECT id, rating FROM post ORDER BY id", 2), "1|1\n2|3\n1003|3");
}

TEST(HakubooruTest, TagTypesAreNotTheSitesNumbers) {
  SmallRelease small;
  auto post = dbr::test::post_record(1);
  post["tag_string"] = "g a c h m g";
  post["tag_string_general"] = "g g";
  post["tag_string_artist"] = "a";
  post["tag_string_copyright"] = "c";
  post["tag_string_character"] = "h";
  post["tag_string_meta"] = "m";
  small.manifest.put(post);
  auto file = written(small);
  EXPECT_EQ(file.rows("SELECT name, type, popularity FROM tag JOIN posttagrelation ON tag.id = tag_id "
                      "WHERE post_id = 1 ORDER BY name",
                      3),
            "a|1|1\nc|3|1\ng|0|1\nh|2|1\nm|4|1")
      << "a tag that comes twice counts once";
}

TEST(HakubooruTest, OldDumpsTextsOfNumbersAreNumbers) {
  SmallRelease small;
  auto post = dbr::test::post_record(3);
  for (const char* key : {"score", "parent_id", "pixiv_id", "image_width"}) post[key] = "0";
  post["score"] = "7";
  post["image_width"] = "800";
  small.manifest.put(post, 1);
  small.manifest.store_original(3);
  small.place();
  auto file = written(small);
  EXPECT_EQ(file.rows("SELECT score, typeof(score), parent_id, pixiv_id, image_width FROM post WHERE id = 3", 5),
            "7|integer|~|~|800");
}

TEST(HakubooruTest, SitesMd5AndSizeAndTheHeldFilesPath) {
  SmallRelease small;
  auto without = dbr::test::post_record(2);
  without.erase("file_size");
  small.manifest.put(without);
  // Stored under the extension the site gave it, and smaller than the site says, as after optimisation.
  auto jpeg = dbr::test::post_record(1);
  jpeg["file_ext"] = "jpeg";
  small.manifest.put(jpeg);
  small.manifest.store_original(1, "smaller", "jpeg");
  small.place();
  auto file = written(small);
  EXPECT_EQ(file.rows("SELECT post.id, file_size, md5, file_ext, filepath, latentpath FROM post JOIN localpost "
                      "ON post_id = post.id WHERE post.id < 3 ORDER BY 1",
                      6),
            "1|101|" + dbr::test::md5_of("1") + "|jpeg|sfw/original/0001/1.jpeg|~\n2|1|" + dbr::test::md5_of("2") +
                "|png|sfw/original/0002/2.png|~");
}

}  // namespace
}  // namespace dbr::exports
