// SPDX-License-Identifier: MIT
#include "dbr/sql/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <optional>
#include <unordered_map>
#include <utility>

#include "dbr/base/file.hpp"

namespace dbr::sql {
namespace {

// How long a writer waits for another connection's transaction; ours last well under a second.
constexpr int k_busy_timeout_ms = 60'000;
// More different texts than there are in dbr, but for those that it makes up.
constexpr std::size_t k_most_idle = 256;

// SQLite calls a file that the disk cannot read malformed. Asked again, the disk says so itself.
std::optional<Error> unreadable(const char* path) {
  if (path == nullptr || *path == '\0') return std::nullopt;
  const auto read = read_blocks(path, [](std::span<const std::byte>) {});
  return read ? std::nullopt : std::optional(read.error());
}

Error error_of(sqlite3* database, std::string_view action) {
  const int code = sqlite3_errcode(database);
  const std::string message =
      fmt::format("cannot {} {}: {}", action, sqlite3_db_filename(database, "main"), sqlite3_errmsg(database));
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorKind::disk_full, message, "make room, then run the same command again"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::locked, message, "another program holds the database; try again"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      if (auto error = unreadable(sqlite3_db_filename(database, "main"))) return *error;
      return {ErrorKind::schema, message, "this file is not an intact SQLite database"};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return {ErrorKind::io, message, ""};
    default:
      return {ErrorKind::internal, message, ""};
  }
}

}  // namespace

struct Connection {
  explicit Connection(sqlite3* the_handle) : handle(the_handle) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    for (const auto& [sql, statement] : idle) sqlite3_finalize(statement);
    sqlite3_close_v2(handle);
  }

  sqlite3* handle;
  /// By their texts, which are the statements' own.
  std::unordered_map<std::string_view, sqlite3_stmt*> idle;
};

void Statement::Release::operator()(sqlite3_stmt* statement) const {
  const char* sql = sqlite3_sql(statement);
  auto& idle = connection->idle;
  if (sql == nullptr || idle.size() == k_most_idle || idle.contains(sql)) {
    sqlite3_finalize(statement);
    return;
  }
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle.emplace(sql, statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(m_statement.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text64(m_statement.get(), index, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob64(m_statement.get(), index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(m_statement.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(m_statement.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(m_statement.get());
    return false;
  }
  Error error = error_of(sqlite3_db_handle(m_statement.get()), "use");
  sqlite3_reset(m_statement.get());
  return fail(std::move(error));
}

Result<void> Statement::run() {
  for (;;) {
    DBR_TRY(const bool is_row, step());
    if (!is_row) return {};
  }
}

void Statement::reset() {
  sqlite3_reset(m_statement.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
  const int size = sqlite3_column_bytes(m_statement.get(), column);
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

Result<Database> Database::open(const std::filesystem::path& path, OpenMode mode) {
  int flags = SQLITE_OPEN_NOMUTEX;
  switch (mode) {
    case OpenMode::read_only:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case OpenMode::read_write:
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case OpenMode::create:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
  }
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(std::make_shared<Connection>(handle));
  if (code != SQLITE_OK) {
    return fail(ErrorKind::io, fmt::format("cannot open {}: {}", path.string(), sqlite3_errstr(code)));
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, k_busy_timeout_ms);
  return database;
}

Result<Database> Database::open_scratch(std::string_view tables) {
  // The empty name: SQLite makes a file of its own once memory does not do.
  DBR_TRY(Database database, open("", OpenMode::create));
  DBR_CHECK(database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384"));
  DBR_CHECK(database.execute(tables));
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (auto known = m_connection->idle.extract(sql)) return Statement(m_connection, known.mapped());
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(m_connection->handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    return fail(error_of(m_connection->handle, fmt::format("prepare \"{}\" for", sql)));
  }
  return Statement(m_connection, statement);
}

Result<void> Database::execute(std::string_view sql) {
  if (sqlite3_exec(m_connection->handle, std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return fail(error_of(m_connection->handle, "change"));
  }
  return {};
}

Result<std::optional<std::int64_t>> Database::integer(std::string_view sql) {
  DBR_TRY(Statement statement, prepare(sql));
  DBR_TRY(const bool is_row, statement.step());
  if (!is_row) return std::optional<std::int64_t>();
  return statement.optional_integer(0);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(m_connection->handle);
}

Result<Transaction> Transaction::begin(Database& database) {
  DBR_CHECK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
  if (m_database != nullptr) (void)m_database->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  DBR_CHECK(m_database->execute("COMMIT"));
  m_database = nullptr;
  return {};
}

std::string library_version() {
  return sqlite3_libversion();
}

}  // namespace dbr::sql
