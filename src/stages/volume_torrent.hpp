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
  ByteCount bytes_read = 0;
};
/// Kind corrupt, naming the file, when one is missing or has other bytes; what was read until then, or until it is
/// stopped (kind cancelled), is not read again.
Result<HashedVolume> hash_volume(const Context& context, const dataset::Volume& volume, pipeline::Meter& meter);

/// Writes the .torrent and fills volume.infohash. `options` lacks the piece length and the source, which are the
/// volume's. Kind internal when a volume that nothing has left would get another infohash.
Result<void> write_volume(sql::Database& database, dataset::Volume& volume, torrent::Options options,
                          std::string_view pieces, const std::filesystem::path& path);

}  // namespace dbr::stages
