// SPDX-License-Identifier: MIT
// The release as relational tables, said once: `sqlite` and `sql` both write these. docs/dataset-format.md explains
// them; a change of them is a new version of the schema.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "dbr/metadata/record.hpp"
#include "site_columns.hpp"

namespace dbr::exports {

/// PRAGMA user_version, and `schema_version` in the table info.
inline constexpr int k_relational_version = 2;

/// Every table comes after those it references.
enum class Relation : std::size_t {
  info,
  tags,
  posts,
  post_tags,
  tag_aliases,
  tag_implications,
  pools,
  pool_posts,
  notes,
  artist_commentaries,
  artists,
  artist_other_names,
  artist_urls,
  users,
};

struct TableDefinition {
  std::string_view name;
  std::vector<Column> columns;
  std::string_view key = "id";  ///< of one column, or of several with commas between
};
std::span<const TableDefinition> tables();  ///< in the order of Relation
inline const TableDefinition& table_of(Relation relation) {
  return tables()[static_cast<std::size_t>(relation)];
}
/// Of what the site calls so too.
Relation relation_of(metadata::Table table);

struct IndexDefinition {
  std::string_view name, table, columns;
  bool is_unique = false;
  std::string_view where = {};
};
std::span<const IndexDefinition> indexes();

struct ViewDefinition {
  std::string_view name, select;
  bool is_portable = true;  ///< means the same to SQLite and PostgreSQL
};
std::span<const ViewDefinition> views();

}  // namespace dbr::exports
