// SPDX-License-Identifier: MIT
// What is said about a release beside its data: its numbers, a page for people, a page with charts, an announcement.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/dataset/release.hpp"
#include "dbr/exports/format.hpp"

namespace dbr::exports {

/// The pages' names, in the release's folder.
std::vector<std::string> page_files();

/// Writes them: statistics.json, README.md and report.html. To be called when the formats are written, which the
/// README describes. Returns statistics.json's text, which belongs into Release::statistics.
Result<std::string> write_pages(const Context& context, std::span<const Format* const> formats,
                                bool optimizes_originals);

/// A release's statistics as a table for terminals; kind corrupt when that is not what the text is.
Result<std::string> format_statistics(std::string_view statistics);

/// A .torrent of a release, as the feed names it.
struct FeedTorrent {
  std::string path;  ///< relative to the feed
  ByteCount size = 0;
  std::string infohash;
  std::string magnet;
};
struct FeedEntry {
  dataset::Release release;
  std::vector<FeedTorrent> torrents;
};
/// An Atom feed (RFC 4287) of releases, in their order, with a text to announce each. At least one.
Result<std::string> make_feed(std::span<const FeedEntry> entries);

}  // namespace dbr::exports
