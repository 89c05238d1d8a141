// SPDX-License-Identifier: MIT
// torrents/releases.atom: the finished releases, for feed readers and torrent clients.
#pragma once

#include <filesystem>
#include <vector>

#include "dbr/dataset/layout.hpp"
#include "dbr/exports/pages.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

/// A .torrent in a release's folder. Kind corrupt, naming the file, when it is none.
Result<exports::FeedTorrent> describe_torrent(const std::filesystem::path& path);

/// All finished releases with their numbers, the newest first, and those of their torrents that are there. What is no
/// torrent is left out with a warning.
Result<void> write_feed(sql::Database& database, const dataset::Layout& layout);

}  // namespace dbr::stages
