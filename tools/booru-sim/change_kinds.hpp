// SPDX-License-Identifier: MIT
// Every change the site can make: which rows it can happen to, and what it does to the row and to the feeds.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "world.hpp"

namespace dbr::sim {

struct ChangeKind {
  std::string_view plural;  // in requests by number
  std::string_view verb;    // in requests by id
  std::vector<std::int64_t> (*candidates)(const World& world);
  /// `id` is among the candidates.
  void (*apply)(World& world, std::int64_t id, Moment at);
};

std::span<const ChangeKind> post_changes();
std::span<const ChangeKind> table_changes();

/// New rows, by number only; `add` returns the row's id.
struct Creation {
  std::string_view plural;
  std::int64_t (*add)(World& world, Moment at);
};

std::span<const Creation> creations();

/// A new post at the end, pending, now and then by a new user.
PostId add_new_post(World& world, Moment at);
std::int64_t add_new_user(World& world, Moment at);

/// The job that follows new categories: tag_count_* and updated_at of the posts, which leaves no row in any feed.
/// Returns their ids.
Json run_category_jobs(World& world, Moment at);

}  // namespace dbr::sim
