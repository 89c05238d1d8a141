// SPDX-License-Identifier: MIT
// What the torrent of a release's metadata lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dbr/dataset/layout.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::stages {

inline constexpr std::string_view k_metadata_torrent = "danbooru-metadata-000.torrent";

/// The folder's files in the torrent's order, by the paths they have in the shared tree, with their sizes.
Result<std::vector<torrent::File>> list_metadata(const dataset::Layout& layout, std::string_view release);
/// The same as it will be once the release is published: with its checksums, which come last of all.
Result<std::vector<torrent::File>> list_metadata_to_be(const dataset::Layout& layout, std::string_view release);

}  // namespace dbr::stages
