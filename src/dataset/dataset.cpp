// SPDX-License-Identifier: MIT
#include "dbr/dataset/dataset.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "dbr/base/file.hpp"
#include "migrations.hpp"
#include "settings.hpp"

namespace dbr::dataset {
namespace {

constexpr int k_default_buckets = 1000;
constexpr int k_most_buckets = 10'000;  // four digits

Result<sql::Database> connect_to(const Layout& layout, sql::OpenMode mode) {
  DBR_TRY(sql::Database database, sql::Database::open(layout.manifest(), mode));
  // FULL: a row that says "no longer stored" must reach the disk before its file is removed.
  if (mode != sql::OpenMode::read_only) {
    DBR_CHECK(database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  }
  return database;
}

struct Created {
  int buckets = k_default_buckets;
  bool optimizes_originals = false;
};

Result<Created> read_created(sql::Database& database) {
  DBR_TRY(const auto buckets, setting(database, "buckets"));
  DBR_TRY(const auto optimizes, setting(database, k_optimize_originals));
  return Created{static_cast<int>(buckets.value_or(k_default_buckets)), optimizes.value_or(0) != 0};
}

Result<void> check_wishes(const CreateSettings& wishes, const Created& created, const std::filesystem::path& root) {
  if (wishes.buckets && *wishes.buckets != created.buckets) {
    return fail(ErrorKind::config,
                fmt::format("buckets = {} does not fit {}: it was created with {}", *wishes.buckets, root.string(),
                            created.buckets),
                "the number of buckets cannot change; start a new dataset for another one");
  }
  if (wishes.optimize_originals && *wishes.optimize_originals != created.optimizes_originals) {
    return fail(ErrorKind::config,
                fmt::format("optimize_originals = {} does not fit {}: it was created {} it", *wishes.optimize_originals,
                            root.string(), created.optimizes_originals ? "with" : "without"),
                "what is stored would be of two kinds; start a new dataset for the other one");
  }
  return {};
}

// What a killed run left: everything in `folder`, or with `only_parts` the hidden part files of AtomicFile below it.
Result<void> sweep(const std::filesystem::path& folder, bool only_parts) {
  std::error_code error;
  for (auto entry = std::filesystem::recursive_directory_iterator(folder, error);
       !error && entry != std::filesystem::end(entry); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!only_parts || (name.starts_with('.') && name.ends_with(".part"))) DBR_CHECK(remove_file(entry->path()));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(error_from_errno(error.value(), "list", folder.string()));
  }
  return {};
}

Result<void> sweep_leftovers(const Layout& layout) {
  DBR_CHECK(make_directories(layout.parts()));
  // A killed run may have made folders without syncing their names, and who finds a folder does not sync its name.
  DBR_CHECK(sync_directory(layout.store()));
  DBR_CHECK(sync_directory(layout.root()));
  DBR_CHECK(sweep(layout.parts(), false));
  DBR_CHECK(sweep(layout.release_metadata(""), true));
  return sweep(layout.torrents(""), true);
}

Result<void> create_manifest(const Layout& layout, const CreateSettings& settings) {
  DBR_TRY(sql::Database database, sql::Database::open(layout.manifest(), sql::OpenMode::create));
  // For a new file only, and before anything else: larger pages waste less at their ends.
  DBR_CHECK(database.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  DBR_TRY(const auto version, database.integer("PRAGMA user_version"));
  DBR_TRY(const auto tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  if (version.value_or(0) == 0 && tables.value_or(0) == 0) DBR_CHECK(migrate(database));
  DBR_CHECK(check_schema(database, layout.manifest().string()));
  return database.execute(fmt::format("INSERT OR IGNORE INTO setting VALUES ('buckets', '{}'), ('{}', '{}')",
                                      settings.buckets.value_or(k_default_buckets), k_optimize_originals,
                                      settings.optimize_originals.value_or(false) ? 1 : 0));
}

}  // namespace

Result<Dataset> Dataset::open(const std::filesystem::path& root, Access access, std::string_view command,
                              const CreateSettings& settings) {
  if (settings.buckets && (*settings.buckets < 1 || *settings.buckets > k_most_buckets)) {
    return fail(ErrorKind::config,
                fmt::format("buckets = {} is not possible: 1 to {} are", *settings.buckets, k_most_buckets));
  }
  Layout layout(root, k_default_buckets);
  if (access == Access::none) return Dataset(std::move(layout), false, access, std::nullopt);
  std::optional<FileLock> lock;
  if (access == Access::create) DBR_CHECK(make_directories(root));
  if (access != Access::create && !std::filesystem::exists(layout.manifest())) {
    return fail(ErrorKind::schema, fmt::format("{} is not a dataset: it has no manifest.sqlite", root.string()),
                "start one with dbr fetch-metadata or dbr build, or name it with --root");
  }
  if (access != Access::read) {
    DBR_TRY(lock, FileLock::acquire(layout.lock(), command));
    if (access == Access::create) DBR_CHECK(create_manifest(layout, settings));
  }

  const auto mode = access == Access::read ? sql::OpenMode::read_only : sql::OpenMode::read_write;
  DBR_TRY(sql::Database database, sql::Database::open(layout.manifest(), mode));
  DBR_CHECK(check_schema(database, layout.manifest().string()));
  if (access != Access::read) {
    DBR_CHECK(migrate(database));
    DBR_CHECK(sweep_leftovers(layout));
  }
  DBR_TRY(const Created created, read_created(database));
  DBR_CHECK(check_wishes(settings, created, root));
  return Dataset(Layout(root, created.buckets), created.optimizes_originals, access, std::move(lock));
}

Result<sql::Database> Dataset::connect() const {
  return connect_to(m_layout, is_for_writing(m_access) ? sql::OpenMode::read_write : sql::OpenMode::read_only);
}

}  // namespace dbr::dataset
