// SPDX-License-Identifier: MIT
#include "migrations.hpp"

#include <fmt/format.h>

#include <array>

namespace dbr::dataset {
namespace {

// "dbr" and the format's number, in SQLite's application_id, so that `file` and we know our own.
constexpr std::int64_t k_application_id = 0x64627201;

// Moments are milliseconds since 1970 UTC; states are the enums of metadata/post.hpp and dataset/states.hpp; digests
// are lower-case hex. The queues are partial indexes over what is still wanted, so they shrink to nothing.
constexpr std::array k_migrations = {R"sql(
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE feed (name TEXT PRIMARY KEY, last_id INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE todo (post_id INTEGER PRIMARY KEY);      -- posts the running refresh has still to read again
CREATE TABLE wanted_user (id INTEGER PRIMARY KEY);    -- users named by posts, not yet read

CREATE TABLE skipped (         -- rows the site sends that cannot be read
  kind INTEGER NOT NULL,       -- metadata::Table; 0 for posts
  id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE post (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  created_at INTEGER,          -- NULL for a gap
  rating TEXT,
  md5 TEXT,
  file_ext TEXT,
  file_size INTEGER,
  file_url TEXT,
  json TEXT                    -- the record as received; NULL for a gap
);
CREATE INDEX post_by_creation ON post(created_at);
CREATE INDEX post_unread ON post(id) WHERE state = 4;

CREATE TABLE record (
  kind INTEGER NOT NULL,       -- metadata::Table
  id INTEGER NOT NULL,
  post_id INTEGER,
  json TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE original (
  post_id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  site_md5 TEXT,               -- what the site said when the state was decided
  reason TEXT,
  detail TEXT,
  file_ext TEXT,               -- of the bytes held; NULL when there are none
  size INTEGER,
  md5 TEXT,
  sha256 TEXT
);
CREATE INDEX original_wanted ON original(post_id) WHERE state = 0;
CREATE INDEX original_refused ON original(post_id) WHERE state = 6;

CREATE TABLE ml (
  post_id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  settings TEXT,               -- hash of the settings it was made with
  reason TEXT,
  detail TEXT,
  size INTEGER,
  md5 TEXT,
  sha256 TEXT,
  source_width INTEGER,
  source_height INTEGER,
  orientation INTEGER,
  box_x INTEGER,
  box_y INTEGER,
  box_width INTEGER,
  box_height INTEGER
);
CREATE INDEX ml_wanted ON ml(post_id) WHERE state = 1;

CREATE TABLE release (
  name TEXT PRIMARY KEY,
  cutoff INTEGER NOT NULL,
  state INTEGER NOT NULL,
  publication INTEGER NOT NULL,
  placed_version INTEGER NOT NULL,
  files_sha256 TEXT NOT NULL,
  exported_files_sha256 TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE publication (number INTEGER PRIMARY KEY, release TEXT NOT NULL);

CREATE TABLE placement (
  series INTEGER NOT NULL,     -- index in dataset::k_series
  post_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  md5 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  edition INTEGER NOT NULL,
  is_placed INTEGER NOT NULL,  -- 0: dropped in a draft; forgotten at the next publication
  last_path TEXT,              -- what was published here last, where a draft has changed it
  last_sha256 TEXT,
  last_edition INTEGER,
  PRIMARY KEY (series, post_id)
) WITHOUT ROWID;
CREATE VIEW placed AS SELECT * FROM placement WHERE is_placed = 1;
)sql"};

}  // namespace

Result<void> migrate(sql::Database& database) {
  DBR_TRY(const auto version, database.integer("PRAGMA user_version"));
  for (auto step = static_cast<std::size_t>(version.value_or(0)); step < k_migrations.size(); ++step) {
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    DBR_CHECK(database.execute(k_migrations[step]));
    DBR_CHECK(database.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", k_application_id, step + 1)));
    DBR_CHECK(transaction.commit());
  }
  return {};
}

Result<void> check_schema(sql::Database& database, std::string_view path) {
  DBR_TRY(const auto application, database.integer("PRAGMA application_id"));
  DBR_TRY(const auto version, database.integer("PRAGMA user_version"));
  if (version.value_or(0) > static_cast<std::int64_t>(k_migrations.size())) {
    return fail(ErrorKind::schema,
                fmt::format("cannot use {}: a newer dbr made it (schema {}, this dbr knows {})", path, *version,
                            k_migrations.size()),
                "install that dbr, or a newer one");
  }
  if (application.value_or(0) != k_application_id) {
    return fail(ErrorKind::schema, fmt::format("cannot use {}: it is not a dbr manifest", path));
  }
  return {};
}

}  // namespace dbr::dataset
