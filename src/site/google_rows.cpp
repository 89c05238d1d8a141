// SPDX-License-Identifier: MIT
#include "google_rows.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "google_cells.hpp"

namespace dbr::site {
namespace {

using simdjson::dom::element;

constexpr int k_deepest = 15;

tl::unexpected<Error> refuse(std::string_view cause) {
  return fail(ErrorKind::corrupt, std::string(cause));
}

std::optional<std::string_view> text_of(simdjson::simdjson_result<element> value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<std::int64_t> integer_of(simdjson::simdjson_result<element> value) {
  const std::string_view text = text_of(value).value_or("");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

TableField::Type type_of(std::string_view name) {
  using enum TableField::Type;
  constexpr std::array<std::pair<std::string_view, TableField::Type>, 7> k_types = {{{"BOOLEAN", boolean},
                                                                                     {"BOOL", boolean},
                                                                                     {"FLOAT", real},
                                                                                     {"FLOAT64", real},
                                                                                     {"TIMESTAMP", timestamp},
                                                                                     {"RECORD", record},
                                                                                     {"STRUCT", record}}};
  for (const auto& [known, type] : k_types) {
    if (name == known) return type;
  }
  return text;
}

Result<std::vector<TableField>> parse_fields(simdjson::simdjson_result<element> value, int depth) {
  if (depth > k_deepest) return refuse("its schema is nested too deeply");
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return refuse("it has no schema");
  std::vector<TableField> fields;
  for (const element entry : array) {
    const auto name = text_of(entry["name"]);
    const auto type = text_of(entry["type"]);
    if (!name || !type) return refuse("a field of its schema has no name or no type");
    TableField field{.type = type_of(*type), .is_repeated = text_of(entry["mode"]) == "REPEATED"};
    append_json_string(field.key, *name);
    if (field.type == TableField::Type::record) {
      DBR_TRY(field.fields, parse_fields(entry["fields"], depth + 1));
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

/// `row` is {"f":[{"v":...},...]}.
Result<void> append_record(std::string& json, const std::vector<TableField>& fields, element row);

Result<void> append_value(std::string& json, const TableField& field, element value) {
  if (field.type == TableField::Type::record) return append_record(json, field.fields, value);
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return refuse(fmt::format("a value of {} is not text", field.key));
  switch (field.type) {
    case TableField::Type::boolean:
      append_boolean(json, text);
      break;
    case TableField::Type::real:
      append_real(json, text);
      break;
    case TableField::Type::timestamp:
      append_timestamp(json, text);
      break;
    default:
      append_json_string(json, text);
  }
  return {};
}

/// `cell` is {"v":...}.
Result<void> append_repeated(std::string& json, const TableField& field, element value) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return refuse(fmt::format("the values of {} are no array", field.key));
  json += '[';
  const std::size_t begin = json.size();
  for (const element cell : array) {
    if (json.size() > begin) json += ',';
    element one;
    if (cell["v"].get(one) != simdjson::SUCCESS) return refuse(fmt::format("a value of {} is missing", field.key));
    DBR_CHECK(append_value(json, field, one));
  }
  json += ']';
  return {};
}

Result<void> append_record(std::string& json, const std::vector<TableField>& fields, element row) {
  simdjson::dom::array cells;
  if (row["f"].get(cells) != simdjson::SUCCESS || cells.size() != fields.size()) {
    return refuse("a row does not fit the schema");
  }
  json += '{';
  const std::size_t begin = json.size();
  auto cell = cells.begin();
  for (const TableField& field : fields) {
    element value;
    if ((*cell)["v"].get(value) != simdjson::SUCCESS)
      return refuse(fmt::format("a row has no value for {}", field.key));
    ++cell;
    if (value.is_null()) continue;
    if (json.size() > begin) json += ',';
    json += field.key;
    json += ':';
    DBR_CHECK(field.is_repeated ? append_repeated(json, field, value) : append_value(json, field, value));
  }
  json += '}';
  return {};
}

}  // namespace

Result<TableInfo> parse_table_info(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return refuse("the answer is not JSON");
  TableInfo info;
  DBR_TRY(info.fields, parse_fields(root["schema"]["fields"], 1));
  if (const auto modified = integer_of(root["lastModifiedTime"])) {
    info.modified = Timestamp(std::chrono::milliseconds(*modified));
  }
  return info;
}

Result<void> TablePage::parse(std::string_view json) {
  m_left = 0;
  element root;
  if (m_parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refuse("the answer is not JSON");
  }
  m_next_page = text_of(root["pageToken"]).value_or("");
  m_total_rows = integer_of(root["totalRows"]);
  // A table without rows has no such key.
  element rows;
  if (root["rows"].get(rows) != simdjson::SUCCESS) return {};
  if (rows.get(m_rows) != simdjson::SUCCESS) return refuse("the answer's rows are no array");
  m_next = m_rows.begin();
  // Not size(), which stops counting at 16 million.
  for ([[maybe_unused]] const element row : m_rows) ++m_left;
  return {};
}

Result<bool> TablePage::next_row(const std::vector<TableField>& fields, std::string& json) {
  if (m_left == 0) return false;
  DBR_CHECK(append_record(json, fields, *m_next));
  --m_left;
  ++m_next;
  return true;
}

}  // namespace dbr::site
