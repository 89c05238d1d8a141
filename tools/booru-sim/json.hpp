// SPDX-License-Identifier: MIT
// JSON that keeps the order of its keys, as the site's own does.
#pragma once

#include <nlohmann/json.hpp>

namespace dbr::sim {

using Json = nlohmann::ordered_json;

}  // namespace dbr::sim
