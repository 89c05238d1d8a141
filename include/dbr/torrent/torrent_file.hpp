// SPDX-License-Identifier: MIT
// A .torrent on disk, anybody's.
#pragma once

#include <filesystem>

#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// Reads and parses it. Every Error names the file: kind usage when there is no such file or it is something else (a
/// folder, a FIFO), io when it cannot be read, corrupt when it is no sound v1 torrent or larger than 1 GiB (of 3.9
/// million files it has 180 MB). Memory: the document while it is parsed, and what parse_metainfo() returns.
Result<Metainfo> read_torrent(const std::filesystem::path& path);

}  // namespace dbr::torrent
