// SPDX-License-Identifier: MIT
// The bytes the CDN serves. Made pictures are small and made again for each request; nothing is kept in memory.
#pragma once

#include <string>
#include <string_view>

#include "world.hpp"

namespace dbr::sim {

/// Throws when a file of --images has gone away.
std::string bytes_of(const Asset& asset);

std::string_view content_type(std::string_view extension);

}  // namespace dbr::sim
