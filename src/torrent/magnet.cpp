// SPDX-License-Identifier: MIT
#include "dbr/torrent/magnet.hpp"

#include <fmt/format.h>

#include "dbr/base/text.hpp"

namespace dbr::torrent {

std::string magnet_link(std::string_view infohash, std::string_view name,
                        std::span<const std::vector<std::string>> trackers) {
  std::string link = fmt::format("magnet:?xt=urn:btih:{}&dn={}", infohash, percent_encode(name));
  for (const auto& tier : trackers) {
    for (const std::string& url : tier) link += "&tr=" + percent_encode(url);
  }
  return link;
}

}  // namespace dbr::torrent
