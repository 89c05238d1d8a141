// SPDX-License-Identifier: MIT
#include "release_feed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/exports/pages.hpp"
#include "dbr/torrent/magnet.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::stages {
namespace fs = std::filesystem;

Result<std::vector<exports::FeedTorrent>> torrents_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && name.ends_with(".torrent")) names.push_back(name);
  }
  std::ranges::sort(names);
  std::vector<exports::FeedTorrent> torrents;
  for (const std::string& name : names) {
    DBR_TRY(const std::string document, read_file(folder / name));
    const auto summary = torrent::summarize_metainfo(document);
    if (!summary) {
      log::warning("{} is left out of the feed: {}", (folder / name).string(), summary.error().message);
      continue;
    }
    torrents.push_back({fmt::format("{}/{}", folder.filename().string(), name), static_cast<ByteCount>(document.size()),
                        summary->infohash,
                        torrent::magnet_link(summary->infohash, fmt::format("{} {}", folder.filename().string(), name),
                                             summary->trackers)});
  }
  return torrents;
}

Result<void> write_feed(sql::Database& database, const dataset::Layout& layout) {
  DBR_TRY(auto releases, dataset::published_releases(database));
  std::vector<exports::FeedEntry> entries;
  for (dataset::Release& release : releases) {
    if (release.statistics.empty()) continue;  // nothing could be said of it
    DBR_TRY(auto torrents, torrents_in(layout.torrents(release.spec.name)));
    entries.push_back({std::move(release), std::move(torrents)});
  }
  if (entries.empty()) return {};
  DBR_TRY(const std::string feed, exports::make_feed(entries));
  return write_file_atomically(layout.feed(), feed);
}

}  // namespace dbr::stages
