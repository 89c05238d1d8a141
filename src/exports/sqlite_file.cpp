// SPDX-License-Identifier: MIT
#include "sqlite_file.hpp"

#include <fmt/format.h>

namespace dbr::exports {
namespace {

// No journal and no syncing: a run that is cut off throws the file away, and commit() syncs it once. secure_delete
// makes SQLite clear what it moves, so that no page carries leftovers. The cache holds the growing ends of the trees.
constexpr std::string_view k_pragmas =
    "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = OFF; "
    "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; "
    "PRAGMA threads = 0; PRAGMA foreign_keys = OFF; ";

}  // namespace

Result<SqliteFile> SqliteFile::create(std::filesystem::path path, int user_version) {
  DBR_TRY(AtomicFile file, AtomicFile::create(std::move(path)));
  // The part file is new and empty, which to SQLite is a new database.
  DBR_TRY(sql::Database database, sql::Database::open(file.part_path(), sql::OpenMode::read_write));
  DBR_CHECK(database.execute(k_pragmas));
  DBR_CHECK(database.execute(fmt::format("PRAGMA user_version = {}; BEGIN", user_version)));
  return SqliteFile(std::move(file), std::move(database));
}

Result<void> SqliteFile::commit() {
  DBR_CHECK(m_database->execute("COMMIT"));
  m_database.reset();
  return m_file.commit();
}

}  // namespace dbr::exports
