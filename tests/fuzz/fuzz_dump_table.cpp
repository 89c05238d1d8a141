// SPDX-License-Identifier: MIT
// Any two answers, one a line, are a table's schema and a page of its rows, or an error; every row is JSON on one line.
#include <string>

#include "site/google_rows.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = bytes.find('\n');
  const auto info = dbr::site::parse_table_info(bytes.substr(0, end));
  if (!info || end == std::string_view::npos) return 0;
  dbr::site::TablePage page;
  if (!page.parse(bytes.substr(end + 1))) return 0;
  simdjson::dom::parser parser;
  for (;;) {
    std::string row;
    const auto has_row = page.next_row(info->fields, row);
    if (!has_row || !*has_row) return 0;
    if (row.find('\n') != std::string::npos) __builtin_trap();
    if (parser.parse(row).error() != simdjson::SUCCESS) __builtin_trap();
  }
}
