// SPDX-License-Identifier: MIT
#include "dbr/torrent/trackers.hpp"

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

}  // namespace dbr::torrent
