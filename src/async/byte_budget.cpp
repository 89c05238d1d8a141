// SPDX-License-Identifier: MIT
#include "dbr/async/byte_budget.hpp"

#include <algorithm>

namespace dbr {

ByteBudget::Claim ByteBudget::claim(ByteCount bytes) {
  // So many may pass a large one; then they wait until it has its room.
  constexpr int k_most_passing = 64;
  const ByteCount wanted = std::clamp(bytes, ByteCount{0}, m_total);
  std::unique_lock<std::mutex> lane(m_large, std::defer_lock);
  const bool is_large = wanted > m_total / 4;
  if (is_large) lane.lock();
  std::unique_lock lock(m_mutex);
  if (is_large) {
    m_passed = 0;
    m_changed.wait(lock, [&] { return wanted <= m_free; });
    m_passed = -1;
  } else {
    const std::uint64_t ticket = m_last++;
    m_changed.wait(lock, [&] { return ticket == m_first && wanted <= m_free && m_passed < k_most_passing; });
    if (m_passed >= 0) ++m_passed;
    ++m_first;
  }
  m_free -= wanted;
  m_changed.notify_all();
  return {*this, wanted, std::move(lane)};
}

void ByteBudget::give_back(ByteCount bytes) {
  {
    const std::lock_guard lock(m_mutex);
    m_free += bytes;
  }
  m_changed.notify_all();
}

}  // namespace dbr
