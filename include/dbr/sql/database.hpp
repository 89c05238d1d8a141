// SPDX-License-Identifier: MIT
// SQLite with errors as values: database, statement, transaction. Knows nothing of what the tables mean.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dbr/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace dbr::sql {

enum class OpenMode { read_only, read_write, create };

/// What a Database and its statements share: the handle, and statements to be used again.
struct Connection;

/// One prepared statement. Move-only; belongs to the thread of its Database. Binding counts from 1, columns from 0.
class Statement {
 public:
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);  ///< copied
  Statement& bind(int index, const char* text) { return bind(index, std::string_view(text)); }
  Statement& bind_blob(int index, std::string_view bytes);  ///< copied
  Statement& bind_null(int index);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind_null(index);
  }

  /// Steps to the next row; false at the end, after which the statement is reset and its bindings are kept.
  Result<bool> step();
  /// Runs to the end, for statements without rows.
  Result<void> run();
  /// Ends a loop over rows early.
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< until the next step; also for blobs
  bool is_null(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 private:
  friend class Database;
  struct Release {
    std::shared_ptr<Connection> connection;
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(std::shared_ptr<Connection> connection, sqlite3_stmt* statement)
      : m_statement(statement, Release{std::move(connection)}) {}
  std::unique_ptr<sqlite3_stmt, Release> m_statement;
};

/// One connection. Move-only; used by one thread at a time.
class Database {
 public:
  static Result<Database> open(const std::filesystem::path& path, OpenMode mode);
  /// In SQLite's temporary directory, with these tables, and gone with the object: so nothing guards it from a crash.
  static Result<Database> open_scratch(std::string_view tables);

  /// Cheap for a text that was prepared before: SQLite compiles it once.
  Result<Statement> prepare(std::string_view sql);
  /// Any number of statements without parameters or rows.
  Result<void> execute(std::string_view sql);
  /// The first column of the first row; nullopt when there is no row or it is NULL.
  Result<std::optional<std::int64_t>> integer(std::string_view sql);
  std::int64_t changes() const;

 private:
  explicit Database(std::shared_ptr<Connection> connection) : m_connection(std::move(connection)) {}
  std::shared_ptr<Connection> m_connection;
};

/// Rolls back unless committed. Begins as a writer at once, so that it never fails half way for want of the lock.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : m_database(&database) {}
  Database* m_database;
};

/// "3.40.1": SQLite's, as it runs.
std::string library_version();

}  // namespace dbr::sql
