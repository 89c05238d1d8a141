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

Result<exports::FeedTorrent> describe_torrent(const fs::path& path) {
  DBR_TRY(const std::string document, read_file(path));
  const auto summary = torrent::summarize_metainfo(document);
  if (!summary) return fail(summary.error().kind, fmt::format("{}: {}", path.string(), summary.error().message));
  const std::string name = path.filename().string();
  const std::string release = path.parent_path().filename().string();
  return exports::FeedTorrent{
      fmt::format("{}/{}", release, name), static_cast<ByteCount>(document.size()), summary->infohash,
      torrent::magnet_link(summary->infohash, fmt::format("{} {}", release, name), summary->trackers)};
}

namespace {

Result<std::vector<exports::FeedTorrent>> torrents_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && name.ends_with(".torrent")) paths.push_back(entry->path());
  }
  std::ranges::sort(paths);
  std::vector<exports::FeedTorrent> torrents;
  for (const fs::path& path : paths) {
    auto torrent = describe_torrent(path);
    if (torrent) {
      torrents.push_back(*std::move(torrent));
    } else {
      log::warning("left out of the feed: {}", torrent.error().message);
    }
  }
  return torrents;
}

}  // namespace

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
