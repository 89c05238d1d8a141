// SPDX-License-Identifier: MIT
#include "settings.hpp"

#include <string>

namespace dbr::dataset {

Result<std::optional<std::int64_t>> setting(sql::Database& database, std::string_view key) {
  DBR_TRY(auto select, database.prepare("SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?"));
  select.bind(1, key);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<std::int64_t>();
  return select.optional_integer(0);
}

Result<void> set_setting(sql::Database& database, std::string_view key, std::int64_t value) {
  return set_setting(database, key, std::string_view(std::to_string(value)));
}

Result<std::string> text_setting(sql::Database& database, std::string_view key) {
  DBR_TRY(auto select, database.prepare("SELECT value FROM setting WHERE key = ?"));
  select.bind(1, key);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? std::string(select.text(0)) : std::string();
}

Result<void> set_setting(sql::Database& database, std::string_view key, std::string_view value) {
  DBR_TRY(auto upsert, database.prepare("INSERT OR REPLACE INTO setting VALUES (?, ?)"));
  return upsert.bind(1, key).bind(2, value).run();
}

}  // namespace dbr::dataset
