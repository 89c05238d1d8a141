// SPDX-License-Identifier: MIT
// A field of a record as the value of a relational column: always of the column's type, or NULL.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dbr/sql/database.hpp"
#include "release_rows.hpp"

namespace dbr::exports {

enum class ColumnType { integer, boolean, real, text, time };

struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view parent = {};      ///< the object that holds the field, when it is not the row itself
  std::string_view field = {};       ///< its name in JSON, when it is another
  bool is_required = false;          ///< NOT NULL
  std::string_view references = {};  ///< the table whose id it is, when every value is one
};

/// A cell: NULL, a number (0 and 1 for booleans), or a text. A view is valid as long as what it was made from.
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, std::string>;

/// The field's value, always of the column's type: times are ISO 8601 in UTC, a number that came as text is a number,
/// and what cannot be of that type is NULL, as null and absent are.
Value value_of(const Json& row, const Column& column);
void append_values(std::vector<Value>& values, std::span<const Column> columns, const Json& row);

/// No SQL text, CSV file or PostgreSQL column can hold U+0000: it becomes U+FFFD. (The site, on PostgreSQL itself, has
/// none.)
Value text_value(std::string_view from);

/// "INSERT INTO t VALUES (?, ?, ...)" with `count` values.
std::string insert_into(std::string_view table, std::size_t count);
void bind_value(sql::Statement& statement, int index, const Value& value);
/// Binds the row's fields from parameter `first` on.
void bind_columns(sql::Statement& statement, int first, std::span<const Column> columns, const Json& row);

}  // namespace dbr::exports
