// SPDX-License-Identifier: MIT
// One view of every table but the posts: most are kept as rows, tags, media assets and post events are computed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "post_json.hpp"

namespace dbr::sim {

struct Table {
  std::string name;
  std::size_t count = 0;
  std::function<std::int64_t(std::size_t)> id_at = {};
  std::function<Json(std::size_t)> row_at = {};      // moments are numbers in it
  std::function<Json(std::size_t)> columns_at = {};  // the same or less: what a search looks at
  std::int64_t max_limit = 1000;
  std::string default_order = {};  // "" is id descending
  bool has_id = true;
};

/// Nothing for a name the site does not have.
std::optional<Table> open_table(const World& world, std::string_view name, const Viewer& viewer);

std::vector<std::string> table_names(const World& world);

/// Writes every moment (a number under a key that ends with "_at") as this viewer reads it.
void write_moments(Json& row, const Viewer& viewer);

}  // namespace dbr::sim
