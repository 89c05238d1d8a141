// SPDX-License-Identifier: MIT
// Reading the site's tables to their end by ID, each page one transaction together with the position after it, so that
// a killed run repeats at most the page it was at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collector.hpp"

namespace dbr::stages {

inline constexpr std::string_view k_posts_feed = "posts";

/// Which posts to read, and under what name to remember how far.
struct PostWalk {
  std::string feed;
  Timestamp cutoff;       ///< only what was created before
  bool is_sweep = false;  ///< what we know and the site does not show is looked for
};
Result<void> walk_posts(Collector& collector, const PostWalk& walk);

/// A table's rows, or a feed's.
struct TableWalk {
  site::Selection selection;
  std::string feed;
  dataset::MaybeTable table = {};  ///< where its rows go; none: nowhere
  bool is_sweep = false;           ///< what we know and the site does not have is forgotten
  /// Inside the transaction, for each row.
  std::function<Result<void>(const metadata::Record& row)> on_row = {};
};
Result<void> walk_table(Collector& collector, const TableWalk& walk);

/// Posts as they are now, by ID. `after` runs in the transaction that holds them, for each batch.
Result<void> read_posts(Collector& collector, const std::vector<PostId>& ids,
                        const std::function<Result<void>(const std::vector<PostId>&)>& after = {});

/// Rows that earlier runs could not read.
Result<void> read_skipped(Collector& collector);
/// The users that posts name.
Result<void> read_users(Collector& collector);

/// A walk that has come to its end is remembered until the whole it belongs to is complete.
inline constexpr std::string_view k_done_prefix = "done: ";

/// The first harvest and a sweep, from where they stand up to the end.
Result<void> harvest(Collector& collector, Timestamp cutoff);
/// Everything is to be read again; a sweep under way goes on.
Result<void> begin_sweep(Collector& collector);
/// True when there is one under way, or none was ever begun.
Result<bool> is_harvest_due(sql::Database& database);

}  // namespace dbr::stages
