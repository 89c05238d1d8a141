// SPDX-License-Identifier: MIT
// Magnet links (BEP 9).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::torrent {

/// `infohash` in hex; `name` is what clients show until they have the metadata, any text. Trackers lose their tiers.
std::string magnet_link(std::string_view infohash, std::string_view name,
                        std::span<const std::vector<std::string>> trackers);

}  // namespace dbr::torrent
