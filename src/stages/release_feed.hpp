// SPDX-License-Identifier: MIT
// torrents/releases.atom: the finished releases, for feed readers and torrent clients.
#pragma once

#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

/// All finished releases with their numbers, the newest first, and those of their torrents that are there. A feed that
/// says so already is left as it is.
Result<void> write_feed(sql::Database& database, const dataset::Layout& layout);

}  // namespace dbr::stages
