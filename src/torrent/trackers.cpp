// SPDX-License-Identifier: MIT
#include "dbr/torrent/trackers.hpp"

#include <algorithm>

namespace dbr::torrent {

std::optional<std::string> tracker_url(std::string_view text) {
  if (text == "academictorrents") return "https://academictorrents.com/announce.php";
  if (text == "nyaa") return "http://nyaa.tracker.wf:7777/announce";
  for (const std::string_view scheme : {"http://", "https://", "udp://"}) {
    const bool is_url = text.starts_with(scheme) && text.size() > scheme.size() &&
                        text.find_first_of(" \t\r\n") == std::string_view::npos;
    if (is_url) return std::string(text);
  }
  return std::nullopt;
}

std::vector<std::string> tracker_tier(std::string_view text) {
  std::vector<std::string> tier;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    auto url = tracker_url(text.substr(begin, end - begin));
    if (!url) return {};
    tier.push_back(*std::move(url));
    begin = end + 1;
  }
  return tier;
}

}  // namespace dbr::torrent
