// SPDX-License-Identifier: MIT
// --images: the real pictures of a folder as the site's files.
#pragma once

#include <filesystem>
#include <vector>

#include "world.hpp"

namespace dbr::sim {

/// Every jpg, jpeg, png, gif and webp below `folder` in the order of their names, one for each md5. Empty path: none.
std::vector<Asset> find_images(const std::filesystem::path& folder);

}  // namespace dbr::sim
