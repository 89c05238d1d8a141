// SPDX-License-Identifier: MIT
// Makes a shared tree on disk equal to a plan of it: what belongs elsewhere moves there, what belongs nowhere is
// removed, and what is missing or has other bytes is placed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/pipeline/progress.hpp"
#include "dbr/sql/database.hpp"
#include "file_placer.hpp"
#include "tree_plan.hpp"

namespace dbr::stages {

struct TreeChanges {
  std::int64_t linked = 0;  ///< placed anew or with other bytes, by whatever kind of link
  std::int64_t moved = 0;   ///< from the other set
  std::int64_t kept = 0;
  std::int64_t removed = 0;
};

/// `shared` is the tree's folder: layout.shared(), or another one that is called so. May be repeated after a kill: it
/// finishes the same layout. Each path changes by one rename or unlink, and no file is ever in both sets because of it.
/// No file is read: whether a stored one is still what it was, its witness says, and what it says is recorded.
/// Kind corrupt when a stored file is missing; kind cancelled when stopped.
Result<TreeChanges> lay_out_tree(const dataset::Layout& layout, const std::filesystem::path& shared,
                                 const TreePlan& plan, LinkMode mode, const StopToken& stop, pipeline::Meter& meter);

/// Looks at every file below `shared`/sfw as it lies there and asks for its post's rating; not at what was planned.
/// Returns how many there are; kind corrupt, naming the post, when one does not belong there.
Result<std::int64_t> audit_sfw_tree(sql::Database& database, const std::filesystem::path& shared,
                                    const dataset::ReleaseSpec& spec);

}  // namespace dbr::stages
