// SPDX-License-Identifier: MIT
// torrents/releases.atom: the finished releases, for feed readers and torrent clients.
#pragma once

#include <filesystem>
#include <vector>

#include "dbr/dataset/layout.hpp"
#include "dbr/exports/pages.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

/// The .torrent files in a release's folder, by name; their paths are relative to the folder above it. What is none is
/// left out with a warning.
Result<std::vector<exports::FeedTorrent>> torrents_in(const std::filesystem::path& folder);

/// All finished releases with their numbers, the newest first, and those of their torrents that are there. A feed that
/// says so already is left as it is.
Result<void> write_feed(sql::Database& database, const dataset::Layout& layout);

}  // namespace dbr::stages
