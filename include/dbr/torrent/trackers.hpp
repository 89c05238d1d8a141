// SPDX-License-Identifier: MIT
// Trackers by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::torrent {

/// The announce URL a user means: an http, https or udp URL as it is, or one of the names "academictorrents" and
/// "nyaa"; nullopt for anything else.
std::optional<std::string> tracker_url(std::string_view text);

/// The announce URLs of a tier: several of the above, with commas between; empty when one of them is nothing of that.
std::vector<std::string> tracker_tier(std::string_view text);

}  // namespace dbr::torrent
