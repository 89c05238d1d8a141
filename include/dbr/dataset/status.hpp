// SPDX-License-Identifier: MIT
// Counts for `dbr status`: each stage's states add up to the number of IDs.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

struct StageCounts {
  std::map<std::string, std::int64_t> states;
  /// state -> reason -> count, where there is a reason to name
  std::map<std::string, std::map<std::string, std::int64_t>> reasons;
};

struct Status {
  std::int64_t ids = 0;
  StageCounts metadata;   ///< fetch-metadata
  StageCounts originals;  ///< fetch-images
  StageCounts ml_forms;   ///< downscale
  StageCounts placement;  ///< bucket
  /// Stored originals in fewer bytes than the site sent, and how many fewer.
  std::int64_t optimized = 0;
  ByteCount saved = 0;
};

Result<Status> read_status(sql::Database& database);

}  // namespace dbr::dataset
