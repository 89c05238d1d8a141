// SPDX-License-Identifier: MIT
// `slim-sqlite`: file names, ratings and tags, and nothing else.
#include "release_rows.hpp"
#include "site_columns.hpp"
#include "sqlite_file.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_file = "filename-tags.sqlite";
constexpr int k_schema_version = 1;

constexpr std::string_view k_tables = R"sql(
CREATE TABLE images (id INTEGER PRIMARY KEY, file_name TEXT NOT NULL, rating TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category INTEGER NOT NULL);
CREATE TABLE image_tags (
  image_id INTEGER NOT NULL REFERENCES images(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  PRIMARY KEY (image_id, tag_id)
) WITHOUT ROWID;
)sql";

constexpr std::string_view k_indexes = R"sql(
CREATE UNIQUE INDEX tags_by_name ON tags(name);
CREATE INDEX image_tags_by_tag ON image_tags(tag_id, image_id);
)sql";

constexpr Column k_rating{"rating", ColumnType::text};

Result<void> write_rows(const Context& context, SqliteFile& file) {
  DBR_TRY(TagTable tags, TagTable::load(context, k_file));
  DBR_TRY(auto insert_image, file.prepare(insert_into("images", 3)));
  DBR_TRY(auto insert_use, file.prepare(insert_into("image_tags", 2)));
  const auto write_image = [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_TRY(const Json row, parse_record(k_file, post.json));
    bind_columns(insert_image.bind(1, post.id).bind(2, post.original), 3, {&k_rating, 1}, row);
    DBR_CHECK(insert_image.run());
    for (const std::int64_t tag : tags.use(post.tags)) {
      DBR_CHECK(insert_use.bind(1, post.id).bind(2, tag).run());
    }
    return {};
  };
  DBR_CHECK(for_each_post(context, k_file, write_image));
  DBR_TRY(auto insert_tag, file.prepare(insert_into("tags", 3)));
  return tags.for_each_used([&](const TagTable::UsedTag& tag) {
    return insert_tag.bind(1, tag.id).bind(2, tag.name).bind(3, tag.category).run();
  });
}

}  // namespace

std::vector<std::string> slim_sqlite_files(const dataset::Release&) {
  return {std::string(k_file)};
}

Result<void> write_slim_sqlite(const Context& context) {
  DBR_TRY(SqliteFile file, SqliteFile::create(context.folder / k_file, k_schema_version));
  DBR_CHECK(file.execute(k_tables));
  DBR_CHECK(write_rows(context, file));
  DBR_CHECK(file.execute(k_indexes));
  return file.commit();
}

}  // namespace dbr::exports
