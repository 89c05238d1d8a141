// SPDX-License-Identifier: MIT
// What BigQuery's API says about a table and its rows, and the rows as BigQuery's own JSON export would write them.
// Pure. Sources: cloud.google.com/bigquery/docs/reference/rest/v2/tables and .../tabledata/list,
// cloud.google.com/bigquery/docs/exporting-data.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"

namespace dbr::site {

struct TableField {
  enum class Type {
    text,  ///< also INT64, NUMERIC, dates: the export writes them as strings
    boolean,
    real,
    timestamp,
    record
  };
  std::string key;  ///< as JSON, quotes included
  Type type = Type::text;
  bool is_repeated = false;
  std::vector<TableField> fields = {};  ///< of a record
};

struct TableInfo {
  std::vector<TableField> fields;
  std::optional<Timestamp> modified;
};

/// Errors of kind corrupt: not such an answer, or nested deeper than BigQuery allows (15).
Result<TableInfo> parse_table_info(std::string_view json);

/// One page of rows. One thread at a time.
class TablePage {
 public:
  /// Kind corrupt when it is no such answer.
  Result<void> parse(std::string_view json);

  /// Appends the next row, one JSON object, to `json`. False, and nothing is appended, after the last. Kind corrupt
  /// when it is no row of such fields.
  Result<bool> next_row(const std::vector<TableField>& fields, std::string& json);

  const std::string& next_page() const { return m_next_page; }  ///< its token; empty for the last page
  std::optional<std::int64_t> total_rows() const { return m_total_rows; }

 private:
  simdjson::dom::parser m_parser;
  simdjson::dom::array m_rows;
  std::size_t m_left = 0;
  simdjson::dom::array::iterator m_next;
  std::string m_next_page;
  std::optional<std::int64_t> m_total_rows;
};

}  // namespace dbr::site
