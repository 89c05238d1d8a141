// SPDX-License-Identifier: MIT
// Sending what was settled, but is not there, back to the queues.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Sends originals that were refused without being asked for back to wanted where `may_go` says so now.
Result<void> requeue_refused(sql::Database& database,
                             const std::function<bool(std::string_view file_ext, std::string_view file_url)>& may_go);

struct Requeued {
  /// By state and reason, "absent: not_found", "failed: truncated".
  std::map<std::string, std::int64_t> originals;
  std::map<std::string, std::int64_t> ml_forms;
};

/// Sends originals that are absent, mismatch, refused or quarantined, and ML forms that failed, back to wanted: those
/// of the range whose state or reason is one of `reasons`, or all where that is empty. In transactions of its own; with
/// `is_dry` it only counts.
Result<Requeued> requeue_failed(sql::Database& database, const std::vector<std::string>& reasons,
                                const PostRange& range, bool is_dry);

}  // namespace dbr::dataset
