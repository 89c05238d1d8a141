// SPDX-License-Identifier: MIT
// The associations that `only=` can name: a post's notes, an artist's urls, a media asset's post.
#pragma once

#include "only.hpp"
#include "post_json.hpp"

namespace dbr::sim {

/// The associations of a table's rows; moments in them are text already.
Related related_rows(const World& world, std::string_view table, const Viewer& viewer);

}  // namespace dbr::sim
