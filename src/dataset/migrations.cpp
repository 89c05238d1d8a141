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

CREATE TABLE snapshot (        -- dumps that were read
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,   -- the file's, or what it was asked for by
  shape TEXT NOT NULL,
  newest INTEGER,              -- the latest moment its rows name: how old it is
  lines INTEGER NOT NULL,      -- read so far
  rows INTEGER NOT NULL,
  refused INTEGER NOT NULL
);

-- Records are packed (metadata/packed.hpp): shapes and tags are numbered in the order of their first use.
CREATE TABLE shape (number INTEGER PRIMARY KEY, shape BLOB NOT NULL);
CREATE TABLE tag_name (number INTEGER PRIMARY KEY, name TEXT NOT NULL, category INTEGER NOT NULL, tag_id INTEGER NOT NULL);
CREATE INDEX tag_name_by_name ON tag_name(name);

CREATE TABLE post (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  original INTEGER NOT NULL,   -- dataset::OriginalState
  snapshot INTEGER NOT NULL,   -- where its record is from; 0: the site
  created_at INTEGER,          -- NULL for a gap, as all that follows
  file_size INTEGER,
  rating TEXT,
  md5 BLOB,
  tags BLOB,                   -- numbers of tag_name (tag_list.hpp)
  record BLOB                  -- number of its shape, then the values
);
CREATE INDEX post_unread ON post(state) WHERE state = 4;
-- What `retry` and changed wishes send back.
CREATE INDEX post_set_aside ON post(original) WHERE original IN (2, 3, 6, 7, 8);

-- What 4096 consecutive IDs have: finds dates and wanted originals without an index over all posts.
CREATE TABLE span (
  number INTEGER PRIMARY KEY,  -- ID / 4096
  earliest INTEGER NOT NULL,   -- creation
  wanted INTEGER NOT NULL      -- posts whose original is wanted
);
CREATE TRIGGER post_inserted AFTER INSERT ON post WHEN new.original = 0 BEGIN
  UPDATE span SET wanted = wanted + 1 WHERE number = new.id >> 12;
END;
CREATE TRIGGER post_updated AFTER UPDATE OF original ON post WHEN (new.original = 0) <> (old.original = 0) BEGIN
  UPDATE span SET wanted = wanted + iif(new.original = 0, 1, -1) WHERE number = new.id >> 12;
END;

-- Which posts have a tag, up to the ID in setting 'tag_index_until'; a chunk is 2^21 IDs.
-- By chunk * 2^32 + tag: rows of a table by number fill their pages better than those of an index.
CREATE TABLE tag_posts (key INTEGER PRIMARY KEY, posts BLOB NOT NULL);
-- Posts whose tags have changed since, with the tags the index knows them by.
CREATE TABLE tag_index_todo (post_id INTEGER PRIMARY KEY, tags BLOB NOT NULL);

CREATE TABLE record (
  kind INTEGER NOT NULL,       -- metadata::Table
  id INTEGER NOT NULL,
  snapshot INTEGER NOT NULL,
  post_id INTEGER,
  name TEXT,
  record BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX record_by_name ON record(kind, name) WHERE name IS NOT NULL;
CREATE INDEX record_by_post ON record(kind, post_id) WHERE post_id IS NOT NULL;

-- Only what is more than "not asked for yet".
CREATE TABLE original (
  post_id INTEGER PRIMARY KEY,
  site_md5 TEXT,               -- what the site said when the state was decided
  reason TEXT,
  detail TEXT,
  file_ext TEXT,               -- of the bytes held; NULL when there are none
  size INTEGER,
  md5 TEXT,
  sha256 TEXT,
  source_size INTEGER,         -- of what the site sent, where the bytes held were made of it without loss; else NULL
  source_md5 TEXT,
  source_sha256 TEXT,
  witness INTEGER              -- of the stored file when it had just got these bytes (base/file_witness.hpp); NULL: unknown
);

CREATE TABLE replaced (        -- files that were held until the site sent other bytes
  post_id INTEGER NOT NULL,
  number INTEGER NOT NULL,     -- 1 for the first one held
  file_ext TEXT NOT NULL,
  size INTEGER NOT NULL,
  md5 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source_md5 TEXT,             -- as in original
  PRIMARY KEY (post_id, number)
) WITHOUT ROWID;

-- Only posts whose original was held at some time; without a row, the original's state decides.
CREATE TABLE ml (
  post_id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  settings TEXT,               -- hash of the settings it depends on
  reason TEXT,
  detail TEXT,
  size INTEGER,
  md5 TEXT,
  sha256 TEXT,
  source_width INTEGER,
  source_height INTEGER,
  orientation INTEGER,
  colour TEXT,                 -- of the source: rgb, grey, cmyk, and 16 for its depth
  has_profile INTEGER,         -- that was applied
  background TEXT,             -- #rrggbb behind its alpha; NULL when it has none
  box_x INTEGER,
  box_y INTEGER,
  box_width INTEGER,
  box_height INTEGER,
  witness INTEGER              -- as in original
);
CREATE INDEX ml_wanted ON ml(post_id) WHERE state = 1;

CREATE TABLE release (
  name TEXT PRIMARY KEY,
  cutoff INTEGER NOT NULL,
  state INTEGER NOT NULL,
  publication INTEGER NOT NULL,
  placed_version INTEGER NOT NULL,
  files_sha256 TEXT NOT NULL,
  exported_files_sha256 TEXT NOT NULL,
  sfw_ratings TEXT NOT NULL,
  exclude TEXT NOT NULL,       -- tags and IDs that are left out, one a line
  statistics TEXT NOT NULL,    -- statistics.json; empty before it is exported
  left_out_sha256 TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE publication (number INTEGER PRIMARY KEY, release TEXT NOT NULL);

CREATE TABLE placement (
  series INTEGER NOT NULL,     -- index in dataset::k_series
  post_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  md5 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source_md5 TEXT,             -- as in original
  edition INTEGER NOT NULL,
  is_placed INTEGER NOT NULL,  -- 0: dropped in a draft; forgotten at the next publication
  last_path TEXT,              -- what was published here last, where a draft has changed it
  last_sha256 TEXT,
  last_edition INTEGER,
  witness INTEGER,             -- of the file when it was seen to have these bytes (base/file_witness.hpp)
  PRIMARY KEY (series, post_id)
) WITHOUT ROWID;
CREATE INDEX placement_by_edition ON placement(series, edition, post_id) WHERE is_placed = 1;
-- A volume is what lies between the cut before it and its own, in the order (edition, post_id).
CREATE TABLE volume (
  series INTEGER NOT NULL,
  number INTEGER NOT NULL,
  last_edition INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  is_sealed INTEGER NOT NULL,
  piece_length INTEGER NOT NULL,
  source TEXT NOT NULL,        -- of its info dictionary
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  publication INTEGER NOT NULL,  -- that gave it these files
  infohash TEXT NOT NULL,      -- empty until its torrent is written
  PRIMARY KEY (series, number)
) WITHOUT ROWID;

CREATE TABLE issued (infohash TEXT PRIMARY KEY, publication INTEGER NOT NULL) WITHOUT ROWID;

-- Pieces whose SHA-1 is known, by what they are made of: no byte is read twice for it.
CREATE TABLE piece (recipe BLOB PRIMARY KEY, sha1 BLOB NOT NULL) WITHOUT ROWID;

CREATE VIEW placed AS SELECT * FROM placement WHERE is_placed = 1;

CREATE TABLE withdrawn (       -- files that were published and left a later publication; they may be back since
  series INTEGER NOT NULL,
  post_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (series, post_id, path)
) WITHOUT ROWID;
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
