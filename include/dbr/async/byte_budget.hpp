// SPDX-License-Identifier: MIT
// Shares an amount of memory among threads, by what each says it will need.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "dbr/base/ids.hpp"

namespace dbr {

/// What needs more than a quarter goes one after the other, on a lane of its own: while one of them waits for room, the
/// others go on, but not for ever. Within its lane each is served in its turn. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(ByteCount total) : m_total(total), m_free(total) {}

  /// Gives back what it holds when it ends. Not longer than its budget.
  class Claim {
   public:
    Claim(Claim&& other) noexcept
        : m_budget(std::exchange(other.m_budget, nullptr)), m_bytes(other.m_bytes), m_lane(std::move(other.m_lane)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() {
      if (m_budget) m_budget->give_back(m_bytes);
    }

   private:
    friend class ByteBudget;
    Claim(ByteBudget& budget, ByteCount bytes, std::unique_lock<std::mutex> lane)
        : m_budget(&budget), m_bytes(bytes), m_lane(std::move(lane)) {}

    ByteBudget* m_budget;
    ByteCount m_bytes;
    std::unique_lock<std::mutex> m_lane;
  };

  /// Waits until there is room. More than everything is everything. A thread must not hold one claim and wait for
  /// another.
  Claim claim(ByteCount bytes);

  ByteCount total() const { return m_total; }

 private:
  void give_back(ByteCount bytes);

  const ByteCount m_total;
  std::mutex m_large;  ///< held by the claim that is on the lane for large ones
  std::mutex m_mutex;
  std::condition_variable m_changed;
  ByteCount m_free;
  std::uint64_t m_last = 0;   ///< ticket given out to one that is not large
  std::uint64_t m_first = 0;  ///< ticket that is served
  int m_passed = -1;          ///< how many have passed the large one that waits; negative when none does
};

}  // namespace dbr
