// SPDX-License-Identifier: MIT
// `hakubooru`: the database HakuBooru opens (KBlueLeaf's danbooru2023.db and its followers). Table, column and index
// names, types and codes are those its peewee models make; docs/dataset-format.md says what stands in for what a record
// lacks.
#include <algorithm>
#include <array>

#include "field_values.hpp"
#include "release_rows.hpp"
#include "site_columns.hpp"
#include "sqlite_file.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

using metadata::TagCategory;

constexpr std::string_view k_file = "hakubooru.sqlite";

constexpr std::string_view k_tables = R"sql(
CREATE TABLE "post" ("id" INTEGER NOT NULL PRIMARY KEY, "created_at" VARCHAR(255) NOT NULL,
  "uploader_id" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL, "md5" VARCHAR(255), "parent_id" INTEGER,
  "has_children" INTEGER NOT NULL, "is_deleted" INTEGER NOT NULL, "is_banned" INTEGER NOT NULL, "pixiv_id" INTEGER,
  "has_active_children" INTEGER NOT NULL, "bit_flags" INTEGER NOT NULL, "has_large" INTEGER NOT NULL,
  "has_visible_children" INTEGER NOT NULL, "image_width" INTEGER NOT NULL, "image_height" INTEGER NOT NULL,
  "file_size" INTEGER NOT NULL, "file_ext" VARCHAR(255) NOT NULL, "rating" INTEGER NOT NULL, "score" INTEGER NOT NULL,
  "up_score" INTEGER NOT NULL, "down_score" INTEGER NOT NULL, "fav_count" INTEGER NOT NULL, "file_url" VARCHAR(255),
  "large_file_url" VARCHAR(255), "preview_file_url" VARCHAR(255), "updated_at" VARCHAR(255));
CREATE TABLE "tag" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "type" INTEGER NOT NULL,
  "popularity" INTEGER NOT NULL);
CREATE TABLE "posttagrelation" ("id" INTEGER NOT NULL PRIMARY KEY, "post_id" INTEGER NOT NULL,
  "tag_id" INTEGER NOT NULL, FOREIGN KEY ("post_id") REFERENCES "post" ("id"),
  FOREIGN KEY ("tag_id") REFERENCES "tag" ("id"));
CREATE TABLE "localpost" ("id" INTEGER NOT NULL PRIMARY KEY, "filepath" VARCHAR(255), "latentpath" VARCHAR(255),
  "post_id" INTEGER NOT NULL, FOREIGN KEY ("post_id") REFERENCES "post" ("id"));
)sql";

constexpr std::string_view k_indexes = R"sql(
CREATE UNIQUE INDEX "tag_name" ON "tag" ("name");
CREATE INDEX "posttagrelation_post_id" ON "posttagrelation" ("post_id");
CREATE INDEX "posttagrelation_tag_id" ON "posttagrelation" ("tag_id");
CREATE INDEX "localpost_post_id" ON "localpost" ("post_id");
)sql";

// general, sensitive, questionable, explicit. What has no rating is not for everyone, as in our sets.
std::int64_t rating_code(std::string_view letter) {
  constexpr std::string_view k_letters = "gsqe";
  const auto code = letter.size() == 1 ? k_letters.find(letter) : std::string_view::npos;
  return static_cast<std::int64_t>(code == std::string_view::npos ? k_letters.find('e') : code);
}

// general, artist, character, copyright, meta: not the site's numbers.
std::int64_t tag_type(std::int64_t category) {
  constexpr std::array k_types = {TagCategory::general, TagCategory::artist, TagCategory::character,
                                  TagCategory::copyright, TagCategory::meta};
  const auto found = std::ranges::find(k_types, static_cast<TagCategory>(category));
  return found == k_types.end() ? 0 : found - k_types.begin();
}

std::optional<std::string_view> if_any(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

// Binds in the order of the table's columns.
class PostRow {
 public:
  explicit PostRow(sql::Statement& insert) : m_insert(insert) {}

  template <class Value>
  PostRow& add(const Value& value) {
    m_insert.bind(++m_column, value);
    return *this;
  }

 private:
  sql::Statement& m_insert;
  int m_column = 0;
};

Result<void> insert_post(sql::Statement& insert, const dataset::ReleasePost& post, const Json& row) {
  const auto number = [&](const char* key) { return number_in(row, key).value_or(0); };
  const auto flag = [&](const char* key) { return std::int64_t{flag_in(row, key)}; };
  const auto text = [&](const char* key) { return text_in(row, key); };
  const std::string_view extension = text("file_ext");
  PostRow(insert)
      .add(post.id)
      .add(time_in(row, "created_at"))
      .add(number("uploader_id"))
      .add(text("source"))
      .add(if_any(text("md5")))
      .add(reference_in(row, "parent_id"))
      .add(flag("has_children"))
      .add(flag("is_deleted"))
      .add(flag("is_banned"))
      .add(reference_in(row, "pixiv_id"))
      .add(flag("has_active_children"))
      .add(number("bit_flags"))
      .add(flag("has_large"))
      .add(flag("has_visible_children"))
      .add(number("image_width"))
      .add(number("image_height"))
      .add(reference_in(row, "file_size").value_or(post.size))
      .add(extension.empty() ? extension_of(post.original) : std::string_view(extension))
      .add(rating_code(text("rating")))
      .add(number("score"))
      .add(number("up_score"))
      .add(number("down_score"))
      .add(number("fav_count"))
      .add(if_any(text("file_url")))
      .add(if_any(text("large_file_url")))
      .add(if_any(text("preview_file_url")))
      .add(if_any(time_in(row, "updated_at")));
  return insert.run();
}

Result<void> write_rows(const Context& context, SqliteFile& file) {
  constexpr std::size_t k_post_columns = 27;
  DBR_TRY(TagTable tags, TagTable::load(context, k_file));
  DBR_TRY(auto insert, file.prepare(insert_into("post", k_post_columns)));
  DBR_TRY(auto insert_relation, file.prepare("INSERT INTO posttagrelation (post_id, tag_id) VALUES (?, ?)"));
  DBR_TRY(auto insert_local, file.prepare("INSERT INTO localpost (id, filepath, post_id) VALUES (?1, ?2, ?1)"));
  const auto on_post = [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_TRY(const Json row, parse_record(k_file, post.json));
    DBR_CHECK(insert_post(insert, post, row));
    for (const std::int64_t tag : tags.use(post.tags)) {
      DBR_CHECK(insert_relation.bind(1, post.id).bind(2, tag).run());
    }
    return insert_local.bind(1, post.id).bind(2, post.original).run();
  };
  DBR_CHECK(for_each_post(context, k_file, on_post));
  DBR_TRY(auto insert_tag, file.prepare(insert_into("tag", 4)));
  return tags.for_each_used([&](const TagTable::UsedTag& tag) {
    return insert_tag.bind(1, tag.id).bind(2, tag.name).bind(3, tag_type(tag.category)).bind(4, tag.posts).run();
  });
}

}  // namespace

std::vector<std::string> hakubooru_files(const dataset::Release&) {
  return {std::string(k_file)};
}

Result<void> write_hakubooru(const Context& context) {
  DBR_TRY(SqliteFile file, SqliteFile::create(context.folder / k_file, 0));
  DBR_CHECK(file.execute(k_tables));
  DBR_CHECK(write_rows(context, file));
  DBR_CHECK(file.execute(k_indexes));
  return file.commit();
}

}  // namespace dbr::exports
