// SPDX-License-Identifier: MIT
// A SQLite database that is written once, from nothing, and appears under its name complete and durable or not at all.
// Equal statements give equal bytes: everything SQLite's defaults or its build could decide is fixed here.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::exports {

class SqliteFile {
 public:
  static Result<SqliteFile> create(std::filesystem::path path, int user_version);

  Result<sql::Statement> prepare(std::string_view sql) { return m_database->prepare(sql); }
  Result<void> execute(std::string_view sql) { return m_database->execute(sql); }

  /// Statements must be gone by then.
  Result<void> commit();

 private:
  SqliteFile(AtomicFile file, sql::Database database) : m_file(std::move(file)), m_database(std::move(database)) {}
  AtomicFile m_file;
  std::optional<sql::Database> m_database;
};

}  // namespace dbr::exports
