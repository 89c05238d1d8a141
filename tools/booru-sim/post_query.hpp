// SPDX-License-Identifier: MIT
// The `tags=` parameter of posts: plain tags, -tags and the metatags an archiver needs.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "value_range.hpp"
#include "world.hpp"

namespace dbr::sim {

struct PostQuery {
  using Term = std::function<bool(const Post&)>;

  std::vector<Term> terms;
  std::vector<ValueRange> ids;  // also among the terms; here for cutting scans short and for order:custom
  std::string order;            // "" is id descending
  std::optional<std::int64_t> limit;
  int counted_terms = 0;  // those that are not free
  bool has_date = false;  // which silently turns the default order into created_at

  bool matches(const Post& post) const;
};

/// `world` must outlive the query.
PostQuery parse_post_query(const World& world, std::string_view tags);

}  // namespace dbr::sim
