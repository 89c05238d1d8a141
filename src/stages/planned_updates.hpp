// SPDX-License-Identifier: MIT
// What torrents cost those who have older data: torrents in files, or those that make-torrent would make of a release.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dbr/sql/database.hpp"
#include "dbr/stages/command.hpp"
#include "dbr/torrent/update_plan.hpp"

namespace dbr::stages {

/// A torrent people may load.
struct PlannedUpdate {
  std::string torrent;   ///< its file, or what that will be called
  std::string infohash;  ///< empty when it is not made yet
  torrent::UpdateCost cost;
};

/// By the old torrents alone.
Result<PlannedUpdate> plan_file(torrent::Holdings& holdings, const std::filesystem::path& path);
/// By what lies in the folder of --data; `holdings` just learns which files there still are.
Result<PlannedUpdate> plan_file_with_data(const Context& context, torrent::Holdings& holdings,
                                          const std::filesystem::path& path, pipeline::Meter& meter);

/// Of the release that is placed, draft or finished: `holdings` knows the publications of its own former torrents.
Result<std::vector<PlannedUpdate>> plan_release(const Context& context, sql::Database& database,
                                                const dataset::Layout& layout, torrent::Holdings& holdings);

}  // namespace dbr::stages
