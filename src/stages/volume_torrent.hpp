// SPDX-License-Identifier: MIT
// The .torrent of a volume. Pieces whose SHA-1 the manifest knows are not read; but every file is looked at, and one
// that is not what was fetched is named, not hashed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "dbr/dataset/volumes.hpp"
#include "dbr/pipeline/progress.hpp"
#include "dbr/stages/command.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::stages {

inline constexpr std::size_t k_default_readers = 16;

struct HashedVolume {
  std::string pieces;            ///< all SHA-1s, 20 bytes each
  std::int64_t pieces_read = 0;  ///< that the manifest did not know
  ByteCount bytes_read = 0;      ///< for these, and of files that somebody has touched
  bool is_as_before = false;     ///< the volume had its infohash before
  torrent::Options options;      ///< to write it with
};
/// Fills volume.infohash; writes no torrent. `options` lacks the piece length and the source, which are the volume's.
/// Kind corrupt, naming the file, when one is missing or has other bytes; kind internal when a volume that nothing has
/// left would get another infohash. What was read until then, or until it is stopped (kind cancelled), is not read
/// again.
Result<HashedVolume> hash_volume(const Context& context, sql::Database& database, dataset::Volume& volume,
                                 torrent::Options options, pipeline::Meter& meter);

/// The .torrent of what hash_volume() has read.
Result<void> write_volume(sql::Database& database, const dataset::Volume& volume, const HashedVolume& hashed,
                          const std::filesystem::path& path);

}  // namespace dbr::stages
