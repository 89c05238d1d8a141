// SPDX-License-Identifier: MIT
#include "dbr/dataset/snapshots.hpp"

namespace dbr::dataset {

Result<std::int64_t> snapshot_number(sql::Database& database, std::string_view name, std::string_view shape) {
  DBR_TRY(auto insert,
          database.prepare("INSERT INTO snapshot (name, shape, lines, rows, refused) VALUES (?, ?, 0, 0, 0) "
                           "ON CONFLICT (name) DO UPDATE SET shape = excluded.shape"));
  DBR_CHECK(insert.bind(1, name).bind(2, shape).run());
  DBR_TRY(auto select, database.prepare("SELECT number FROM snapshot WHERE name = ?"));
  select.bind(1, name);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? select.integer(0) : 0;
}

Result<void> save_snapshot(sql::Database& database, const Snapshot& snapshot) {
  DBR_TRY(auto update, database.prepare("UPDATE snapshot SET newest = ?, lines = ?, rows = ?, refused = ? "
                                        "WHERE number = ?"));
  if (snapshot.newest) {
    update.bind(1, snapshot.newest->time_since_epoch().count());
  } else {
    update.bind_null(1);
  }
  return update.bind(2, snapshot.lines).bind(3, snapshot.rows).bind(4, snapshot.refused).bind(5, snapshot.number).run();
}

Result<void> prepare_for_bulk(sql::Database& database) {
  // 256 MB of log between checkpoints, 64 MB of cache.
  return database.execute("PRAGMA wal_autocheckpoint = 65536; PRAGMA cache_size = -65536");
}

}  // namespace dbr::dataset
