// SPDX-License-Identifier: MIT
// Everything the site knows, hidden fields included: what tests compare an archive with.
#pragma once

#include <string>
#include <string_view>

#include "post_json.hpp"

namespace dbr::sim {

/// A JSON array of the table's rows, expunged posts included; moments in UTC.
std::string truth_text(const World& world, std::string_view table);

/// A JSON array of at most `limit` rows above `after`, ascending, each exactly as the API serves it to this viewer;
/// what the API does not have (expunged posts) is not in it.
std::string served_text(const World& world, std::string_view table, std::int64_t after, std::int64_t limit,
                        const Viewer& viewer);

/// {"1":"baseline_jpeg",...}
std::string kinds_text(const World& world);

}  // namespace dbr::sim
