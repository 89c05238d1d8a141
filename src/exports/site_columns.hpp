// SPDX-License-Identifier: MIT
// The site's tables as relational columns: which JSON field goes into which column, and as what type. The field names
// are the site's own (API contract, sections 3.1 and 5).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dbr/metadata/record.hpp"
#include "dbr/sql/database.hpp"
#include "release_rows.hpp"

namespace dbr::exports {

enum class ColumnType { integer, boolean, real, text, time };

struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view parent = {};  ///< the object that holds the field, when it is not the row itself
  std::string_view field = {};   ///< its name in JSON, when it is another
};

/// Without `id`, which every table has as its key.
std::span<const Column> post_columns();
/// The same for the other tables; empty for tags, which are counted anew.
std::span<const Column> columns_of(metadata::Table table);

/// "  id INTEGER PRIMARY KEY,\n  created_at TEXT,\n ...": a CREATE TABLE's inside, with `more` at the end.
std::string column_definitions(std::span<const Column> columns, std::string_view more = {});
/// "INSERT INTO t VALUES (?, ?, ...)" with `count` values.
std::string insert_into(std::string_view table, std::size_t count);

/// Binds the row's fields from parameter `first` on. null and absent are NULL, booleans 0 and 1, times ISO 8601 in UTC.
void bind_columns(sql::Statement& statement, int first, std::span<const Column> columns, const Json& row);

}  // namespace dbr::exports
