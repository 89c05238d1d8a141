// SPDX-License-Identifier: MIT
// Paths that a list has twice, found among millions.
#pragma once

#include <span>
#include <vector>

#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// `folded`: letters of ASCII are equal whatever their case.
enum class PathCase { kept, folded };

/// The numbers of the files whose path another one has too, equal ones side by side. Exact; 8 bytes a file and what is
/// found: paths are compared only where their hashes are equal.
std::vector<std::size_t> repeated_paths(std::span<const File> files, PathCase path_case);

}  // namespace dbr::torrent
