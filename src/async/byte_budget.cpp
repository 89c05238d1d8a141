// SPDX-License-Identifier: MIT
#include "dbr/async/byte_budget.hpp"

#include <algorithm>

namespace dbr {

ByteBudget::Claim ByteBudget::claim(ByteCount bytes) {
  const ByteCount wanted = std::clamp(bytes, ByteCount{0}, m_total);
  std::unique_lock<std::mutex> lane(m_large, std::defer_lock);
  if (wanted > m_total / 4) lane.lock();
  std::unique_lock lock(m_mutex);
  const std::uint64_t ticket = m_last++;
  m_changed.wait(lock, [&] { return ticket == m_first && wanted <= m_free; });
  m_free -= wanted;
  ++m_first;
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
