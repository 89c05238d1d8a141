// SPDX-License-Identifier: MIT
// BitTorrent v1 metainfo (BEP 3, 12, 19). File order is the caller's and is kept. No private flag, and no creation date
// unless it is given: equal content gives equal documents. No BEP 38 keys: libtorrent 2.0.8 overwrites people's older
// files for them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"

namespace dbr::torrent {

inline constexpr std::size_t k_sha1_size = 20;  ///< bytes of a piece's digest

struct File {
  std::string path;  ///< relative to the torrent's folder, '/' between components
  ByteCount size = 0;
};

struct Options {
  std::string name;                                     ///< the folder: the same year after year
  ByteCount piece_length = 0;                           ///< power of two, at least 16 KiB
  std::vector<std::vector<std::string>> trackers = {};  ///< tiers of URLs; may be empty
  std::vector<std::string> web_seeds = {};
  std::string comment = {};
  std::string source = {};
  std::string created_by = {};
  std::optional<Timestamp> created_at = {};  ///< written in whole seconds; without it, equal content is equal bytes
};

/// Sum of the sizes; only for lists that hold together, such as those that parse_metainfo() returns.
ByteCount total_size(std::span<const File> files);

/// Pieces needed for `total` bytes, the last of which may be shorter.
std::size_t count_pieces(ByteCount total, ByteCount piece_length);

/// Gives the files of a list to the function, in order; ends with the first Error it gets.
using FileWalk = std::function<Result<void>(const std::function<Result<void>(const File&)>& on_file)>;
/// Of a list in memory, which has to outlive it.
FileWalk walk_of(std::span<const File> files);

/// The smallest power of two from 256 KiB to 16 MiB that makes at most 4,000 pieces; above 67 GB 16 MiB, and more
/// pieces.
ByteCount choose_piece_length(ByteCount total);

/// The SHA-1 of every piece of the concatenated files below `folder`, 20 bytes each. Several threads, each reading
/// whole piece-aligned spans; memory stays flat. A file that is missing or has another size than listed is kind corrupt
/// and is named. Stops at drain level with kind cancelled.
Result<std::string> hash_pieces(std::span<const File> files, const std::filesystem::path& folder,
                                ByteCount piece_length, std::size_t threads, const StopToken& stop);

/// Writes the metainfo document and returns the infohash, 40 hex digits. Streamed: memory does not grow with the list,
/// so that it is the caller's to list no path twice. Atomic: see AtomicFile.
Result<std::string> write_metainfo(const std::filesystem::path& path, const Options& options, const FileWalk& files,
                                   std::string_view pieces);

/// The infohash that write_metainfo() would return; writes nothing.
Result<std::string> infohash_of(const Options& options, const FileWalk& files, std::string_view pieces);

struct Metainfo {
  std::string name;
  ByteCount piece_length = 0;
  std::vector<File> files;
  bool is_single_file = false;  ///< then the one file has no folder: it lies where the folder `name` would
  std::string pieces;
  std::string infohash;  ///< 40 hex digits
  std::string comment;
  std::string source;
  bool is_private = false;
  std::string created_by;
  std::optional<std::int64_t> creation_date;  ///< seconds since 1970, whatever its maker wrote
  std::vector<std::vector<std::string>> trackers;
  std::vector<std::string> web_seeds;
  // What clients set limits to, and what else is worth a warning.
  ByteCount document_size = 0;
  ByteCount info_size = 0;              ///< of the info dictionary, which a magnet link's user gets from peers
  std::int64_t items = 0;               ///< of bencoding, as BencodeReader::items() counts them
  std::vector<std::string> reuse_keys;  ///< those of BEP 38 it has: "similar", "collections"
};

/// Reads a v1 .torrent. Memory: what it returns, and 8 bytes a file while it is checked. Hostile ones get kind corrupt:
/// paths that are absolute, empty, twice, or hold "." or "..", lengths that do not add up with the pieces; see also
/// BencodeReader.
Result<Metainfo> parse_metainfo(std::string_view document);

/// What a magnet link needs of a .torrent.
struct MetainfoSummary {
  std::string infohash;  ///< 40 hex digits
  std::vector<std::vector<std::string>> trackers;
};
/// Does not judge the info dictionary beyond its bencoding, nor keeps any of it: for our own torrents, which are sound.
Result<MetainfoSummary> summarize_metainfo(std::string_view document);

}  // namespace dbr::torrent
