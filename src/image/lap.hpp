// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <utility>

namespace dbr::image {

/// Shares out the wall clock: each call gives the time since the one before.
class Lap {
 public:
  std::chrono::nanoseconds operator()() {
    const auto now = std::chrono::steady_clock::now();
    return now - std::exchange(m_last, now);
  }

 private:
  std::chrono::steady_clock::time_point m_last = std::chrono::steady_clock::now();
};

}  // namespace dbr::image
