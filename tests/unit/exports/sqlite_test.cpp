// SPDX-License-Identifier: MIT
#include <regex>

#include "dbr/base/digest.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::SmallRelease;
using test::Written;

class SqliteTest : public ::testing::Test {
 protected:
  std::filesystem::path written() {
    small.write("sqlite");
    return small.folder() / "danbooru2017.sqlite";
  }
  SmallRelease small;
  Written file{written()};
};

TEST_F(SqliteTest, IsAnIntactDatabaseWithItsVersion) {
  EXPECT_EQ(file.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(file.value("PRAGMA foreign_key_check"), "");
  EXPECT_EQ(file.value("PRAGMA user_version"), "2");
  EXPECT_EQ(file.value("PRAGMA page_size"), "4096");
  EXPECT_EQ(file.rows("SELECT key, value FROM info ORDER BY key", 2),
            "cutoff|2018-01-01T00:00:00.000Z\nrelease|danbooru2017\nschema_version|2\nset_rule|" +
                dataset::set_rule(dbr::test::k_spec_2017));
}

TEST_F(SqliteTest, PostsHaveTypedColumns) {
  EXPECT_EQ(file.rows("SELECT id, created_at, updated_at, uploader_id, approver_id, score, down_score, pixiv_id, "
                      "has_children, has_active_children, is_deleted, duration, typeof(duration), typeof(is_deleted), "
                      "media_asset_id, last_noted_at FROM posts WHERE id = 1",
                      16),
            "1|2016-07-01T12:00:00.000Z|2017-03-04T10:06:07.089Z|1|~|4|-1|123456789012|1|~|0|3.25|real|integer|77|"
            "2017-01-01T05:00:00.000Z");
  EXPECT_EQ(file.value("SELECT source FROM posts WHERE id = 1"), "https://example.com/?a='b'&c=\"d\"\n");
}

TEST_F(SqliteTest, NullAndAbsentAreNull) {
  EXPECT_EQ(file.rows("SELECT score, parent_id, duration, pixel_hash, updated_at, source FROM posts WHERE id = 2", 6),
            "~|~|~|~|~|");
}

TEST_F(SqliteTest, PostsKnowTheirSetAndFiles) {
  EXPECT_EQ(file.rows("SELECT id, rating, set_name, original_path, original_size, ml_path, ml_box_width, ml_box_y "
                      "FROM posts ORDER BY id",
                      8),
            "1|g|sfw|sfw/original/0001/1.png|1|sfw/512px/0001/1.jpg|0|0\n"
            "2|s|sfw|sfw/original/0002/2.png|1|~|~|~\n"
            "1003|e|nsfw|nsfw/original/0003/1003.png|4|nsfw/512px/0003/1003.jpg|0|0");
  EXPECT_EQ(file.value("SELECT original_sha256 FROM posts WHERE id = 2"), digest_hex(DigestKind::sha256, "2"));
}

TEST_F(SqliteTest, TagsAreThoseOfTheReleaseCountedInIt) {
  EXPECT_EQ(file.rows("SELECT id, name, category, post_count FROM tags WHERE id > 0 ORDER BY id", 4),
            "300|somebody|1|1\n400|solo|0|1\n500|1girl|0|2");
  // Unknown to the site's table: numbered below zero in the order of first use.
  EXPECT_EQ(file.value("SELECT count(*) FROM tags WHERE id < 0"), std::to_string(test::k_hostile_tags.size() + 1));
  EXPECT_EQ(file.rows("SELECT name, post_count FROM tags WHERE id = (SELECT min(id) FROM tags)", 2), "unheard_of|1");
  EXPECT_EQ(file.value("SELECT name FROM tags WHERE id = -1"), test::k_hostile_tags[0]);
  EXPECT_EQ(file.value("SELECT count(*) FROM tags WHERE post_count <> "
                       "(SELECT count(*) FROM post_tags WHERE tag_id = tags.id)"),
            "0");
}

TEST_F(SqliteTest, HostileTagNamesSurvive) {
  for (std::size_t index = 0; index < test::k_hostile_tags.size(); ++index) {
    const std::string id = std::to_string(-1 - static_cast<int>(index));
    EXPECT_EQ(file.value("SELECT name FROM tags WHERE id = " + id), test::k_hostile_tags[index]);
    EXPECT_EQ(file.value("SELECT post_id FROM post_tags WHERE tag_id = " + id), "1");
  }
}

TEST_F(SqliteTest, PoolsKeepTheirOrderWithoutPostsThatAreNotThere) {
  EXPECT_EQ(file.rows("SELECT pool_id, position, post_id FROM pool_posts ORDER BY 1, 2", 3),
            "7|1|1003\n7|3|1\n8|1|2\n8|2|1003\n8|3|2");
  EXPECT_EQ(file.rows("SELECT id, name, category, is_active, created_at FROM pools ORDER BY id", 5),
            "7|Original_-_ある○人の島|series|0|2013-11-09T02:44:54.588Z\n8|old|~|~|~\n9|without|~|1|~");
}

TEST_F(SqliteTest, NotesAndCommentariesAreThoseOfTheReleasesPosts) {
  EXPECT_EQ(file.rows("SELECT id, post_id, x, y, is_active, body FROM notes", 6), "30|1|5|~|1|<b>a</b>\r\n'b'");
  EXPECT_EQ(file.rows("SELECT id, post_id, original_title, original_description, translated_title "
                      "FROM artist_commentaries",
                      5),
            "40|2|題||~");
}

TEST_F(SqliteTest, AliasesImplicationsAndArtistsAreAll) {
  EXPECT_EQ(file.rows("SELECT id, antecedent_name, consequent_name, status, reason FROM tag_aliases", 5),
            "1|girl|1girl|active|~");
  EXPECT_EQ(file.rows("SELECT id, antecedent_name, status FROM tag_implications", 3), "2|twin's|deleted");
  EXPECT_EQ(file.rows("SELECT artists.name, is_banned, position, artist_other_names.name FROM artists "
                      "JOIN artist_other_names ON artist_id = artists.id ORDER BY position",
                      4),
            "somebody|0|1|香\nsomebody|0|2|x y");
  EXPECT_EQ(file.rows("SELECT id, artist_id, url, is_active FROM artist_urls", 4), "60|50|https://example.com/'a'|1");
  EXPECT_EQ(file.rows("SELECT id, name, level, is_banned FROM users", 4), "1|albert|50|~");
}

TEST_F(SqliteTest, ViewsSayWhatTheSiteSays) {
  EXPECT_EQ(file.rows("SELECT tag_string, tag_string_general, tag_string_artist, tag_string_meta FROM posts_with_tags "
                      "WHERE id = 1003",
                      4),
            "1girl unheard_of|1girl unheard_of||");
  EXPECT_EQ(file.rows("SELECT id, rating, tag_string_artist FROM posts_with_tags ORDER BY id", 3),
            "1|g|somebody\n2|s|\n1003|e|");
  EXPECT_EQ(file.value("SELECT name FROM tags_by_category WHERE category_name = 'artist'"), "somebody");
  EXPECT_EQ(file.rows("SELECT post_id, category FROM post_tag_names WHERE name = '1girl' ORDER BY 1", 2),
            "1|0\n1003|0");
  EXPECT_EQ(file.value("SELECT count(*) FROM imageTags WHERE image_id = 1003"), "2");
}

TEST(SqliteExportTest, ImpliedTagsAreFollowedToTheEnd) {
  SmallRelease small;
  std::int64_t id = 10;
  const auto imply = [&](std::string_view from, std::string_view to, std::string_view status = "active") {
    small.manifest.put(
        metadata::Table::tag_implications,
        {{"id", ++id}, {"antecedent_name", from}, {"consequent_name", to}, {"status", status}, {"created_at", "soon"}});
  };
  imply("a", "b");
  imply("b", "c");
  imply("c", "a");  // in a circle
  imply("c", "d", "deleted");
  small.write("sqlite");
  Written file(small.folder() / "danbooru2017.sqlite");
  EXPECT_EQ(file.value("SELECT consequent_name FROM implied_tags WHERE antecedent_name = 'a' ORDER BY 1"), "a\nb\nc");
  EXPECT_EQ(file.value("SELECT count(*) FROM tag_implications WHERE created_at IS NOT NULL"), "0") << "no time";
}

TEST_F(SqliteTest, RealQueriesUseAnIndex) {
  for (const std::string query :
       {"SELECT post_id FROM post_tags JOIN tags ON tags.id = tag_id WHERE name = 'x'",
        "SELECT a.post_id FROM post_tag_names a JOIN post_tag_names b USING (post_id) WHERE a.name = 'x' AND b.name = "
        "'y'",
        "SELECT * FROM posts_with_tags WHERE id = 5", "SELECT id FROM posts WHERE md5 = 'x'",
        "SELECT id FROM posts WHERE pixiv_id = 5", "SELECT id FROM posts WHERE parent_id = 5",
        "SELECT id FROM posts WHERE uploader_id = 5 ORDER BY id DESC LIMIT 20",
        "SELECT id FROM posts WHERE score >= 100 ORDER BY score DESC LIMIT 20",
        "SELECT id FROM posts WHERE created_at >= '2017-05-01' AND created_at < '2017-06-01' AND rating = 'g'",
        "SELECT name FROM post_tag_names WHERE post_id = 5 AND category = 1",
        "SELECT position, original_path FROM pool_posts JOIN posts ON id = post_id WHERE pool_id = 5 ORDER BY position",
        "SELECT pool_id FROM pool_posts WHERE post_id = 5", "SELECT body FROM notes WHERE post_id = 5",
        "SELECT notes.body FROM users JOIN posts ON uploader_id = users.id JOIN notes ON post_id = posts.id WHERE "
        "users.name = 'x'",
        "SELECT consequent_name FROM tag_aliases WHERE antecedent_name = 'x'",
        "SELECT antecedent_name FROM tag_aliases WHERE consequent_name = 'x'"}) {
    auto plan = file.rows("EXPLAIN QUERY PLAN " + query, 4);
    // A tag's names in order are sorted, some thirty of them; nothing is walked through.
    EXPECT_FALSE(std::regex_search(plan, std::regex("SCAN (?!\\(subquery)"))) << query << "\n" << plan;
    EXPECT_EQ(plan.find("AUTOMATIC"), std::string::npos) << query << "\n" << plan;
  }
}

TEST(SqliteExportTest, ADamagedRecordIsReportedNotCrashed) {
  SmallRelease small;
  dbr::test::must(small.manifest.database.execute("UPDATE record SET record = x'ff' WHERE kind = 4"));
  const auto written = small.write("sqlite", StopSource().token());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(std::filesystem::exists(small.folder() / "danbooru2017.sqlite"));
}

}  // namespace
}  // namespace dbr::exports
