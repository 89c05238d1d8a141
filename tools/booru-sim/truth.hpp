// SPDX-License-Identifier: MIT
// Everything the site knows, hidden fields included: what tests compare an archive with.
#pragma once

#include <string>
#include <string_view>

#include "world.hpp"

namespace dbr::sim {

/// A JSON array of the table's rows, expunged posts included; moments in UTC.
std::string truth_text(const World& world, std::string_view table);

/// {"1":"baseline_jpeg",...}
std::string kinds_text(const World& world);

}  // namespace dbr::sim
