// SPDX-License-Identifier: MIT
// A file of the torrent's list, opened for hashing: it must be there, be a regular file and have the listed size.
#pragma once

#include <filesystem>
#include <span>

#include "dbr/base/file.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// Kind corrupt, naming the file, when it is missing, a symbolic link, not a regular file, or of another size.
Result<Fd> open_listed(const std::filesystem::path& folder, const File& file);

/// Fills `buffer` from `offset`; a file that has become shorter is corrupt, too.
Result<void> read_listed(const Fd& fd, const std::filesystem::path& folder, const File& file, ByteCount offset,
                         std::span<char> buffer);

}  // namespace dbr::torrent
