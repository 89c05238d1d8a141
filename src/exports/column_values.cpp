// SPDX-License-Identifier: MIT
#include "column_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "dbr/base/time.hpp"

namespace dbr::exports {
namespace {

const Json* find(const Json& row, const Column& column) {
  const Json* object = &row;
  if (!column.parent.empty()) {
    const auto parent = row.find(column.parent);
    if (parent == row.end() || !parent->is_object()) return nullptr;
    object = &*parent;
  }
  const auto field = object->find(column.field.empty() ? column.name : column.field);
  return field == object->end() || field->is_null() ? nullptr : &*field;
}

Value integer_value(const Json& value) {
  if (value.is_boolean()) return std::int64_t{value.get<bool>() ? 1 : 0};
  const auto number = whole_number(value);
  return number ? Value(*number) : Value();
}

Value boolean_value(const Json& value) {
  if (value == "true" || value == "t") return std::int64_t{1};
  if (value == "false" || value == "f") return std::int64_t{0};
  const Value number = integer_value(value);
  const auto* bit = std::get_if<std::int64_t>(&number);
  return bit != nullptr && (*bit == 0 || *bit == 1) ? number : Value();
}

Value real_value(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number) ? Value(number) : Value();
}

Value time_value(const Json& value) {
  if (!value.is_string()) return {};
  const auto moment = parse_timestamp(value.get_ref<const std::string&>());
  // Years that every database knows.
  if (!moment || *moment < start_of_year(1) || *moment >= start_of_year(10'000)) return {};
  return format_timestamp(*moment);
}

}  // namespace

Value text_value(std::string_view from) {
  if (from.find('\0') == std::string_view::npos) return from;
  std::string clean;
  for (const char c : from) {
    if (c == '\0') {
      clean += "\uFFFD";
    } else {
      clean += c;
    }
  }
  return clean;
}

Value value_of(const Json& row, const Column& column) {
  const Json* value = find(row, column);
  if (value == nullptr) return {};
  switch (column.type) {
    case ColumnType::integer:
      return integer_value(*value);
    case ColumnType::boolean:
      return boolean_value(*value);
    case ColumnType::real:
      return real_value(*value);
    case ColumnType::time:
      return time_value(*value);
    case ColumnType::text:
      if (value->is_string()) return text_value(value->get_ref<const std::string&>());
      return value->dump();
  }
  return {};
}

void append_values(std::vector<Value>& values, std::span<const Column> columns, const Json& row) {
  for (const Column& column : columns) values.push_back(value_of(row, column));
}

std::string insert_into(std::string_view table, std::size_t count) {
  std::string sql = fmt::format("INSERT INTO {} VALUES (?", table);
  for (std::size_t value = 1; value < count; ++value) sql += ", ?";
  return sql + ")";
}

void bind_value(sql::Statement& statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *number);
  } else if (const auto* real_number = std::get_if<double>(&value)) {
    statement.bind(index, fmt::format("{}", *real_number));  // the column's affinity makes a number of it
  } else if (const auto* view = std::get_if<std::string_view>(&value)) {
    statement.bind(index, *view);
  } else if (const auto* owned = std::get_if<std::string>(&value)) {
    statement.bind(index, *owned);
  } else {
    statement.bind_null(index);
  }
}

void bind_columns(sql::Statement& statement, int first, std::span<const Column> columns, const Json& row) {
  for (const Column& column : columns) bind_value(statement, first++, value_of(row, column));
}

}  // namespace dbr::exports
