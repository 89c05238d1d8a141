// SPDX-License-Identifier: MIT
// A token bucket that is told the time, so that tests need no clock: in any window of W seconds at most
// rate * W + burst permits are given.
#pragma once

#include <chrono>
#include <limits>

namespace dbr {

/// Not thread-safe: its owner guards it.
class RateLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// `rate` permits a second (infinity: no limit); `burst` permits may be saved up.
  explicit RateLimiter(double rate, double burst = 1.0);

  /// Takes `amount` permits and returns how long the caller has to wait before using them.
  Duration take(TimePoint now, double amount = 1.0);
  /// Changes the rate from now on; what is saved or owed stays.
  void set_rate(TimePoint now, double rate);
  double rate() const { return m_rate; }

 private:
  void refill(TimePoint now);
  double m_rate;
  double m_burst;
  double m_available;
  TimePoint m_updated{};
};

}  // namespace dbr
