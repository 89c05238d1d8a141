// SPDX-License-Identifier: MIT
// verify, the releases: SHA256SUMS of what is finished, and the torrents of what is placed.
#pragma once

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/findings.hpp"
#include "dbr/dataset/held.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"
#include "verify_post.hpp"

namespace dbr::stages {

/// Metadata folders of this part against their checksums; with Depth::size presence only. Kind cancelled when stopped.
Result<void> check_releases(sql::Database& database, const dataset::Layout& layout, const dataset::Part& part,
                            Depth depth, const StopToken& stop, dataset::Findings& findings);

/// The shared tree against the pieces of the placed release's torrents. Broken files that were found already explain
/// their pieces; what they do not explain is the torrent's own problem. Kind cancelled when stopped.
Result<void> check_pieces(sql::Database& database, const dataset::Layout& layout, const dataset::Part& part,
                          std::size_t threads, const StopToken& stop, dataset::Findings& findings);

}  // namespace dbr::stages
