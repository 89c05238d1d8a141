// SPDX-License-Identifier: MIT
// Reading the site's tables to their end by ID, each page one transaction together with the position after it, so that
// a killed run repeats at most the page it was at.
#pragma once

#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "collector.hpp"

namespace dbr::stages {

inline constexpr std::string_view k_posts_feed = "posts";

/// Which posts to read, and under what name to remember how far.
struct PostWalk {
  std::string feed;
  Timestamp cutoff;       ///< only what was created before; and what appears during the walk may be left
  bool is_sweep = false;  ///< what we know and the site does not show is looked for
};
Result<void> walk_posts(Collector& collector, const PostWalk& walk);

/// A table's rows, or a feed's.
struct TableWalk {
  site::Selection selection;
  std::string feed;
  dataset::MaybeTable table = {};  ///< where its rows go; none: nowhere
  bool is_sweep = false;           ///< what we know and the site does not have is forgotten
  /// What appears later is the next refresh's: a busy site must not keep us running after it.
  Timestamp until = Timestamp::max();
  /// Inside the transaction, for each row.
  std::function<Result<void>(const metadata::Record& row)> on_row = {};
};
Result<void> walk_table(Collector& collector, const TableWalk& walk);

/// A walk that has come to its end is remembered until the whole it belongs to is complete.
inline constexpr std::string_view k_done_prefix = "done: ";

inline std::string done_name(const std::string& feed) {
  return std::string(k_done_prefix) + feed;
}

/// Above `after` up to `last`.
inline std::vector<std::int64_t> ids_between(std::int64_t after, std::int64_t last) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(last - after));
  std::iota(ids.begin(), ids.end(), after + 1);
  return ids;
}

}  // namespace dbr::stages
