// SPDX-License-Identifier: MIT
// How fast we may ask one host: a token bucket whose rate follows what the host says (additive increase, multiplicative
// decrease), and a closed gate while it asked us to wait. Pure: told the time, owns no thread or clock.
#pragma once

#include <chrono>
#include <optional>

#include "dbr/async/rate_limiter.hpp"

namespace dbr::http {

/// Not thread-safe: PoliteClient guards it.
class Throttle {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// `rate` requests a second is the ceiling, never exceeded (infinity: no limit of our own).
  explicit Throttle(double rate);

  /// Reserves the next request and returns how long to wait before sending it. In any window of W seconds at most
  /// rate * W + 1 reservations fall due.
  Duration reserve(TimePoint now);
  /// True when a request whose wait is over has to wait again, because the host pushed back meanwhile.
  bool is_closed(TimePoint now) const;
  Duration until_open(TimePoint now) const;

  /// 429 or 503: halves the rate and closes the gate for `retry_after`, or a growing time when it is not given.
  void on_pushback(TimePoint now, std::optional<std::chrono::seconds> retry_after);
  /// Anything else that arrived in good order: the rate creeps back to its ceiling.
  void on_success(TimePoint now);

  double rate() const { return m_bucket.rate(); }

 private:
  double m_ceiling;
  RateLimiter m_bucket;
  TimePoint m_open_at{};
  int m_pushbacks_in_a_row = 0;
};

}  // namespace dbr::http
