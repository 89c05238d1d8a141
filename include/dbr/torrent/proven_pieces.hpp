// SPDX-License-Identifier: MIT
// Which pieces were found right, kept in a file, so that a check that was interrupted goes on where it was. A piece is
// known by a stamp of its files' witnesses (base/file_witness.hpp), 0 standing for "not known".
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"

namespace dbr::torrent {

/// One number a piece. `key` says what was checked; a file of another key or number of pieces, or one that is missing,
/// cut or altered, is as good as none: all are 0.
std::vector<std::int64_t> load_proven(const std::filesystem::path& path, std::string_view key, std::size_t pieces);

/// Atomic; makes the folder.
Result<void> save_proven(const std::filesystem::path& path, std::string_view key, std::span<const std::int64_t> stamps);

}  // namespace dbr::torrent
