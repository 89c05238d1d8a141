// SPDX-License-Identifier: MIT
// `sqlite`: the whole release as one relational database. docs/dataset-format.md has its tables.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "release_rows.hpp"
#include "site_columns.hpp"
#include "sqlite_file.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

using metadata::Table;

constexpr int k_schema_version = 1;

constexpr std::string_view k_tables = R"sql(
CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category INTEGER NOT NULL, post_count INTEGER NOT NULL);
CREATE TABLE post_tags (
  post_id INTEGER NOT NULL REFERENCES posts(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  PRIMARY KEY (post_id, tag_id)
) WITHOUT ROWID;
CREATE TABLE pool_posts (
  pool_id INTEGER NOT NULL REFERENCES pools(id),
  position INTEGER NOT NULL,
  post_id INTEGER NOT NULL REFERENCES posts(id),
  PRIMARY KEY (pool_id, position)
) WITHOUT ROWID;
CREATE TABLE artist_other_names (
  artist_id INTEGER NOT NULL REFERENCES artists(id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (artist_id, position)
) WITHOUT ROWID;
)sql";

constexpr std::string_view k_release_columns =
    "  set_name TEXT NOT NULL,\n  original_path TEXT NOT NULL,\n  ml_path TEXT";

// After the rows: filling a sorted index is many times faster than keeping one sorted.
constexpr std::string_view k_indexes = R"sql(
CREATE UNIQUE INDEX tags_by_name ON tags(name);
CREATE INDEX post_tags_by_tag ON post_tags(tag_id, post_id);
CREATE INDEX posts_by_md5 ON posts(md5);
CREATE INDEX posts_by_creation ON posts(created_at);
CREATE INDEX posts_by_score ON posts(score);
CREATE INDEX posts_by_parent ON posts(parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX posts_by_pixiv_id ON posts(pixiv_id) WHERE pixiv_id IS NOT NULL;
CREATE INDEX tag_aliases_by_antecedent ON tag_aliases(antecedent_name);
CREATE INDEX tag_implications_by_antecedent ON tag_implications(antecedent_name);
CREATE INDEX tag_implications_by_consequent ON tag_implications(consequent_name);
CREATE INDEX pool_posts_by_post ON pool_posts(post_id);
CREATE INDEX notes_by_post ON notes(post_id);
CREATE INDEX artist_commentaries_by_post ON artist_commentaries(post_id);
CREATE INDEX artists_by_name ON artists(name);
CREATE INDEX artist_urls_by_artist ON artist_urls(artist_id);
CREATE INDEX users_by_name ON users(name);
CREATE INDEX artist_other_names_by_name ON artist_other_names(name);
)sql";

std::string file_name(const Context& context) {
  return sqlite_files(context.release).front();
}

Result<void> create_tables(SqliteFile& file) {
  DBR_CHECK(
      file.execute(fmt::format("CREATE TABLE posts (\n{}\n)", column_definitions(post_columns(), k_release_columns))));
  for (const Table table : metadata::k_tables) {
    if (table == Table::tags) continue;
    DBR_CHECK(
        file.execute(fmt::format("CREATE TABLE {} (\n{}\n)", to_string(table), column_definitions(columns_of(table)))));
  }
  return file.execute(k_tables);
}

Result<void> write_info(const Context& context, SqliteFile& file) {
  const std::array<std::pair<std::string_view, std::string>, 4> facts = {{
      {"cutoff", format_timestamp(context.release.spec.cutoff)},
      {"release", context.release.spec.name},
      {"schema_version", std::to_string(k_schema_version)},
      {"set_rule", dataset::set_rule(context.release.spec)},
  }};
  DBR_TRY(auto insert, file.prepare(insert_into("info", 2)));
  for (const auto& [key, value] : facts) DBR_CHECK(insert.bind(1, key).bind(2, value).run());
  return {};
}

Result<void> write_posts(const Context& context, SqliteFile& file, TagTable& tags, PostSet& members) {
  const auto columns = post_columns();
  DBR_TRY(auto insert_post, file.prepare(insert_into("posts", columns.size() + 4)));
  DBR_TRY(auto insert_tag, file.prepare(insert_into("post_tags", 2)));
  return for_each_post(context, file_name(context), [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_TRY(const Json row, parse_record(file_name(context), post.json));
    members.add(post.id);
    bind_columns(insert_post.bind(1, post.id), 2, columns, row);
    const int after = static_cast<int>(columns.size()) + 2;
    insert_post.bind(after, to_string(post.set)).bind(after + 1, post.original);
    if (post.ml.empty()) {
      insert_post.bind_null(after + 2);
    } else {
      insert_post.bind(after + 2, post.ml);
    }
    DBR_CHECK(insert_post.run());
    for (const std::int64_t tag : tags.use(post.tags)) {
      DBR_CHECK(insert_tag.bind(1, post.id).bind(2, tag).run());
    }
    return {};
  });
}

Result<void> write_tags(SqliteFile& file, const TagTable& tags) {
  DBR_TRY(auto insert, file.prepare(insert_into("tags", 4)));
  return tags.for_each_used([&](const TagTable::UsedTag& tag) {
    return insert.bind(1, tag.id).bind(2, tag.name).bind(3, tag.category).bind(4, tag.posts).run();
  });
}

using OnRow = std::function<Result<void>(std::int64_t id, const Json& row)>;

// One of the site's tables; `posts` leaves out rows that belong to posts outside the release.
Result<void> write_table(const Context& context, SqliteFile& file, Table table, const PostSet* posts = nullptr,
                         const OnRow& on_row = {}) {
  const auto columns = columns_of(table);
  DBR_TRY(auto insert, file.prepare(insert_into(to_string(table), columns.size() + 1)));
  return for_each_row(context, file_name(context), table, [&](std::int64_t id, std::string_view json) -> Result<void> {
    DBR_TRY(const Json row, parse_record(file_name(context), json));
    if (posts != nullptr && !posts->contains(integer_of(row, "post_id"))) return {};
    bind_columns(insert.bind(1, id), 2, columns, row);
    DBR_CHECK(insert.run());
    return on_row ? on_row(id, row) : Result<void>();
  });
}

Result<void> write_pools(const Context& context, SqliteFile& file, const PostSet& members) {
  DBR_TRY(auto insert, file.prepare(insert_into("pool_posts", 3)));
  return write_table(context, file, Table::pools, nullptr, [&](std::int64_t id, const Json& pool) -> Result<void> {
    std::int64_t position = 0;
    for (const PostId post : metadata::pool_posts(pool.dump())) {
      ++position;
      if (!members.contains(post)) continue;
      DBR_CHECK(insert.bind(1, id).bind(2, position).bind(3, post).run());
    }
    return {};
  });
}

Result<void> write_artists(const Context& context, SqliteFile& file) {
  DBR_TRY(auto insert, file.prepare(insert_into("artist_other_names", 3)));
  return write_table(context, file, Table::artists, nullptr, [&](std::int64_t id, const Json& artist) -> Result<void> {
    const auto names = artist.find("other_names");
    if (names == artist.end() || !names->is_array()) return {};
    std::int64_t position = 0;
    for (const Json& name : *names) {
      ++position;
      if (!name.is_string()) continue;
      DBR_CHECK(insert.bind(1, id).bind(2, position).bind(3, name.get_ref<const std::string&>()).run());
    }
    return {};
  });
}

}  // namespace

std::vector<std::string> sqlite_files(const dataset::Release& release) {
  return {release.spec.name + ".sqlite"};
}

Result<void> write_sqlite(const Context& context) {
  const std::string name = file_name(context);
  DBR_TRY(TagTable tags, TagTable::load(context, name));
  DBR_TRY(SqliteFile file, SqliteFile::create(context.folder / name, k_schema_version));
  PostSet members;
  DBR_CHECK(create_tables(file));
  DBR_CHECK(write_info(context, file));
  DBR_CHECK(write_posts(context, file, tags, members));
  // From here it is known which posts and tags are in the release.
  DBR_CHECK(write_tags(file, tags));
  DBR_CHECK(write_table(context, file, Table::tag_aliases));
  DBR_CHECK(write_table(context, file, Table::tag_implications));
  DBR_CHECK(write_pools(context, file, members));
  DBR_CHECK(write_table(context, file, Table::notes, &members));
  DBR_CHECK(write_table(context, file, Table::artist_commentaries, &members));
  DBR_CHECK(write_artists(context, file));
  DBR_CHECK(write_table(context, file, Table::artist_urls));
  DBR_CHECK(write_table(context, file, Table::users));
  DBR_CHECK(file.execute(k_indexes));
  return file.commit();
}

}  // namespace dbr::exports
