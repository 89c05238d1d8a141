// SPDX-License-Identifier: MIT
// Which volumes a series has once the placed release is published.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dbr/dataset/volumes.hpp"
#include "dbr/stages/settings.hpp"
#include "dbr/torrent/volume_meter.hpp"

namespace dbr::stages {

/// What the settings say of volumes.
struct VolumeRules {
  torrent::VolumeLimits limits;
  bool is_single = false;
  ByteCount fixed_piece_length = 0;  ///< 0: by size
  std::string source;
  ByteCount frame = 0;  ///< of the metafile, at most: what neither files nor pieces take
};
VolumeRules volume_rules(const Settings& settings);

/// Sealed volumes keep their cuts, and their infohash unless a file has left them; what is placed behind the last of
/// them fills the open one, and new ones once that is full. Those whose files change get `publication` and no infohash.
/// Changes nothing.
Result<std::vector<dataset::Volume>> plan_volumes(sql::Database& database, dataset::Series series,
                                                  const VolumeRules& rules, std::int64_t publication);

}  // namespace dbr::stages
