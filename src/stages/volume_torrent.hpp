// SPDX-License-Identifier: MIT
// The .torrent of a volume. Pieces whose SHA-1 the manifest knows are not read; but every file is looked at, and one
// that is not what was fetched is named, not hashed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "dbr/dataset/volumes.hpp"
#include "dbr/pipeline/progress.hpp"
#include "dbr/stages/command.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::stages {

inline constexpr std::size_t k_default_readers = 16;

struct VolumeWork {
  std::int64_t pieces_read = 0;
  ByteCount bytes_read = 0;
};

/// Writes it to `path` and fills volume.infohash. `options` lacks the piece length and the source, which are the
/// volume's. Kind corrupt, naming the file, when one is missing or has other bytes; what was read until then, or until
/// it is stopped (kind cancelled), is not read again.
Result<VolumeWork> write_volume(const Context& context, dataset::Volume& volume, torrent::Options options,
                                const std::filesystem::path& path, pipeline::Meter& meter);

}  // namespace dbr::stages
