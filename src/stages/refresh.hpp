// SPDX-License-Identifier: MIT
// What changed on the site since everything was last known: new posts, the last days' again, and every feed the site
// has. Posts that feeds name become a todo in the manifest; an interrupted refresh goes on with the same one.
#pragma once

#include "collector.hpp"

namespace dbr::stages {

/// Only a complete refresh moves refreshed_until. One that an earlier run began is finished first, and followed by
/// another when it has become old.
Result<void> refresh(Collector& collector, Timestamp cutoff);

}  // namespace dbr::stages
