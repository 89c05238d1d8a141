// SPDX-License-Identifier: MIT
#include "ties.hpp"

namespace dbr::bench {
namespace {

constexpr std::uint32_t k_block = 64;  // rows, of k_block + 2 IDs
enum Purpose : std::uint64_t { gaps = 1, parent, first_pool, second_pool };

}  // namespace

std::uint32_t Ties::id(std::uint32_t row) const {
  const std::uint32_t block = row / k_block;
  const std::uint64_t bits = hash(block, gaps);
  const auto first_gap = static_cast<std::uint32_t>(bits % k_block);
  const auto second_gap = first_gap + 1 + static_cast<std::uint32_t>((bits >> 32) % (k_block - first_gap));
  std::uint32_t place = row % k_block;
  if (place >= first_gap) ++place;
  if (place >= second_gap) ++place;
  return m_first_id + block * (k_block + 2) + place;
}

// Children follow their parent within three rows, as an upload of variants does.
std::uint32_t Ties::parent_row_plus_one(std::uint32_t row) const {
  const std::uint64_t bits = hash(row, parent);
  const auto back = static_cast<std::uint32_t>(1 + (bits >> 32) % 3);
  return bits % 11 == 0 && row >= back ? row - back + 1 : 0;
}

bool Ties::has_children(std::uint32_t row) const {
  for (std::uint32_t child = row + 1; child <= row + 3; ++child) {
    if (parent_row_plus_one(child) == row + 1) return true;
  }
  return false;
}

std::uint32_t Ties::pools(std::uint32_t row, std::array<std::uint32_t, 2>& ids) const {
  std::uint32_t count = 0;
  for (const Purpose purpose : {first_pool, second_pool}) {
    const std::uint64_t bits = hash(row, purpose);
    if (bits % (purpose == first_pool ? 16 : 256) != 0) continue;
    // Squared: a window's first pools are larger than its last ones.
    const std::uint64_t die = (bits >> 32) % 64;
    const auto in_window = static_cast<std::uint32_t>(die * die * k_pools_a_window / 4096);
    const std::uint32_t pool = 1 + row / k_window * k_pools_a_window + in_window;
    if (count == 0 || ids[0] != pool) ids[count++] = pool;
  }
  return count;
}

}  // namespace dbr::bench
