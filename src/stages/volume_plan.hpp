// SPDX-License-Identifier: MIT
// Which volumes a series has once the placed release is published.
#pragma once

#include <vector>

#include "dbr/dataset/volumes.hpp"
#include "dbr/stages/settings.hpp"

namespace dbr::stages {

/// Of all series, as the next publication makes them. Sealed volumes keep their cuts, and their infohash unless a file
/// has left them; what is placed behind the last of them fills the open one, and new ones once that is full. Those
/// whose files change get the publication's number and no infohash. Changes nothing.
Result<std::vector<dataset::Volume>> plan_volumes(const Settings& settings, sql::Database& database);

}  // namespace dbr::stages
