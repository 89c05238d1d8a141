// SPDX-License-Identifier: MIT
// What people need to know of a release's torrents, beside them: volumes.json and magnets.txt.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dbr/dataset/release.hpp"
#include "dbr/dataset/volumes.hpp"

namespace dbr::stages {

/// "danbooru-sfw-512px-000.torrent".
std::string volume_file(const dataset::Volume& volume);

/// Removes the torrents and lists of a release that dbr makes from `folder`, and nothing else.
Result<void> remove_torrents(const std::filesystem::path& folder);

/// Lists the torrents in `folder`: those of the volumes, and that of the metadata. docs/torrents.md has the fields.
/// Kind corrupt when one is not what was published.
Result<void> write_volume_list(const std::filesystem::path& folder, const dataset::Release& release,
                               const std::vector<dataset::Volume>& volumes, sql::Database& database);

}  // namespace dbr::stages
