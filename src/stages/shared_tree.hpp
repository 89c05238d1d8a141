// SPDX-License-Identifier: MIT
// Makes the shared tree on disk equal to what is placed in the manifest: hard links added and swapped, the rest
// removed.
#pragma once

#include <cstdint>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/pipeline/progress.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

struct TreeChanges {
  std::int64_t linked = 0;
  std::int64_t kept = 0;
  std::int64_t removed = 0;
};

/// May be repeated after a kill: it finishes the same layout. Each path changes by one rename or unlink. Kind corrupt
/// when a stored file is missing; kind cancelled when stopped.
Result<TreeChanges> lay_out_tree(sql::Database& database, const dataset::Layout& layout, const StopToken& stop,
                                 pipeline::Meter& meter);

}  // namespace dbr::stages
