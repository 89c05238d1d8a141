// SPDX-License-Identifier: MIT
// `search[...]` on tables: known names filter, unknown ones are silently ignored, as the site does.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"
#include "reply.hpp"
#include "value_range.hpp"

namespace dbr::sim {

struct TableSearch {
  using Condition = std::function<bool(const Json& row)>;
  std::vector<Condition> conditions;
  std::vector<ValueRange> ids;
  std::string order;  // "", "custom", "updated_at", "name", ...

  bool matches(std::int64_t id, const std::function<Json()>& row) const;
};

TableSearch parse_table_search(std::string_view table, const Parameters& parameters);

}  // namespace dbr::sim
