// SPDX-License-Identifier: MIT
// The image host: a static nginx with ranges, validators and a year of caching. Smaller variants (sample, 180x180 ...)
// answer with the original's bytes under the variant's type.
#pragma once

#include "reply.hpp"
#include "world.hpp"

namespace dbr::sim {

/// Whether the path belongs to the CDN and not to the API.
bool is_cdn_path(std::string_view path);

Reply answer_cdn(const World& world, const Call& call);

}  // namespace dbr::sim
