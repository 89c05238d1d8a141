// SPDX-License-Identifier: MIT
// The `only=` parameter: a comma list of names, nestable as in "id,media_asset[id,md5]". Unknown names are dropped.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace dbr::sim {

struct OnlyField {
  std::string name;
  std::vector<OnlyField> nested;  // empty: all of it
};

std::vector<OnlyField> parse_only(std::string_view text);

/// Makes an association of the row ("urls", "children"), or a discarded value when it has none of that name.
using Related = std::function<Json(const Json& row, std::string_view name)>;

/// The row cut down to `fields`, its own order kept, associations after it.
Json project(const Json& row, const std::vector<OnlyField>& fields, const Related& related);

}  // namespace dbr::sim
