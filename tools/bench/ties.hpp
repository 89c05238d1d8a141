// SPDX-License-Identifier: MIT
// Which posts there are, and what ties them together, as functions of the row: a pool's posts and a post's pools can
// each be found without the other having been written.
#pragma once

#include <array>
#include <cstdint>

#include "random.hpp"

namespace dbr::bench {

constexpr bool is_series(std::uint32_t pool) {
  return pool % 3 != 0;
}

class Ties {
 public:
  /// Pools are local, as they are on the site: each takes its posts from this many rows.
  static constexpr std::uint32_t k_window = 4096, k_pools_a_window = 8;

  Ties(std::uint64_t seed, std::uint32_t first_id) : m_seed(mix(seed)), m_first_id(first_id) {}

  /// Ascending; two of 66 IDs have no post.
  std::uint32_t id(std::uint32_t row) const;
  /// The row of the parent plus one; 0 when it has none.
  std::uint32_t parent_row_plus_one(std::uint32_t row) const;
  bool has_children(std::uint32_t row) const;
  /// Pool IDs, at most two; returns how many.
  std::uint32_t pools(std::uint32_t row, std::array<std::uint32_t, 2>& ids) const;

 private:
  std::uint64_t hash(std::uint32_t row, std::uint64_t purpose) const { return mix(m_seed + (purpose << 40) + row); }

  std::uint64_t m_seed;
  std::uint32_t m_first_id;
};

}  // namespace dbr::bench
