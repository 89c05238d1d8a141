// SPDX-License-Identifier: MIT
// `slim-sqlite`: file names, ratings and tags, and nothing else. Names of tables and columns are
// fire-eggs/Danbooru2021's, whose readers take it as it is.
#include <filesystem>

#include "release_rows.hpp"
#include "site_columns.hpp"
#include "sqlite_file.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_file = "filename-tags.sqlite";
constexpr int k_schema_version = 2;

constexpr std::string_view k_tables = R"sql(
CREATE TABLE images (
  image_id INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL,
  file_ext TEXT NOT NULL,
  rating TEXT,
  hidden INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tags (tag_id INTEGER PRIMARY KEY, name TEXT NOT NULL, category INTEGER NOT NULL, count INTEGER NOT NULL);
CREATE TABLE imageTags (
  image_id INTEGER NOT NULL REFERENCES images(image_id),
  tag_id INTEGER NOT NULL REFERENCES tags(tag_id),
  PRIMARY KEY (image_id, tag_id)
) WITHOUT ROWID;
)sql";

// SQLite fills the pages of such a table to seven eighths when rows are appended, and wholly when it copies them from a
// table that is built alike.
constexpr std::string_view k_loose_rows = R"sql(
CREATE TEMP TABLE loose (
  image_id INTEGER NOT NULL,
  tag_id INTEGER NOT NULL,
  PRIMARY KEY (image_id, tag_id)
) WITHOUT ROWID;
)sql";
constexpr std::string_view k_pack_rows = "INSERT INTO imageTags SELECT * FROM temp.loose";

constexpr std::string_view k_indexes = "CREATE UNIQUE INDEX tags_by_name ON tags(name)";

Result<void> write_rows(const Context& context, SqliteFile& file) {
  DBR_TRY(TagTable tags, TagTable::load(context, k_file));
  DBR_TRY(auto insert_image, file.prepare(insert_into("images", 5)));
  DBR_TRY(auto insert_use, file.prepare(insert_into("temp.loose", 2)));
  const auto write_image = [&](const dataset::ReleasePost& post) -> Result<void> {
    insert_image.bind(1, post.id).bind(2, post.original).bind(3, extension_of(post.original)).bind(5, std::int64_t{0});
    post.rating.empty() ? insert_image.bind_null(4) : insert_image.bind(4, post.rating);
    DBR_CHECK(insert_image.run());
    for (const std::int64_t tag : tags.use(post.tags)) {
      DBR_CHECK(insert_use.bind(1, post.id).bind(2, tag).run());
    }
    return {};
  };
  DBR_CHECK(for_each_post(context, k_file, write_image, dataset::PostRecords::left_out));
  DBR_TRY(auto insert_tag, file.prepare(insert_into("tags", 4)));
  return tags.for_each_used([&](const TagTable::UsedTag& tag) {
    return insert_tag.bind(1, tag.id).bind(2, tag.name).bind(3, tag.category).bind(4, tag.posts).run();
  });
}

}  // namespace

std::vector<std::string> slim_sqlite_files(const dataset::Release&) {
  return {std::string(k_file)};
}

Result<void> write_slim_sqlite(const Context& context) {
  DBR_TRY(SqliteFile file, SqliteFile::create(context.folder / k_file, k_schema_version));
  DBR_CHECK(file.execute(k_tables));
  DBR_CHECK(file.execute(k_loose_rows));
  DBR_CHECK(write_rows(context, file));
  DBR_CHECK(file.execute(k_pack_rows));
  DBR_CHECK(file.execute(k_indexes));
  return file.commit();
}

}  // namespace dbr::exports
