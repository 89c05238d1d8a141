// SPDX-License-Identifier: MIT
// How much may still be fetched (--max-transfer).
#pragma once

#include <atomic>
#include <limits>
#include <optional>

#include "dbr/base/ids.hpp"

namespace dbr::stages {

/// Bytes this run may fetch. Thread-safe.
class TrafficBudget {
 public:
  explicit TrafficBudget(std::optional<ByteCount> limit)
      : m_left(limit.value_or(std::numeric_limits<ByteCount>::max())) {}

  /// False when so many are not left: the budget is spent then.
  bool claim(ByteCount size);
  /// What was claimed turned out to be `actual`.
  void settle(ByteCount claimed, ByteCount actual) { m_left += claimed - actual; }
  bool is_spent() const { return m_is_spent; }

 private:
  std::atomic<ByteCount> m_left;
  std::atomic<bool> m_is_spent{false};
};

}  // namespace dbr::stages
