// SPDX-License-Identifier: MIT
// Dumps that were read into the manifest: where each record that is not the site's own word came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

struct Snapshot {
  std::int64_t number = 0;  ///< from 1
  std::string name;         ///< what it was asked for by, and its part
  std::string shape;
  std::optional<Timestamp> newest;  ///< the latest moment its rows name: letters of ratings mean what they meant then
  std::int64_t lines = 0, rows = 0, refused = 0;
};

/// The number of the dump with this name: its own from before, or a new one. In the caller's transaction.
Result<std::int64_t> snapshot_number(sql::Database& database, std::string_view name, std::string_view shape);
/// Writes down what was read. In the caller's transaction.
Result<void> save_snapshot(sql::Database& database, const Snapshot& snapshot);

/// Prepares a connection for writing millions of rows: fewer, larger steps from the log into the database.
Result<void> prepare_for_bulk(sql::Database& database);

}  // namespace dbr::dataset
