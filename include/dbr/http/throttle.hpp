// SPDX-License-Identifier: MIT
// How fast we may ask one host: evenly spaced turns whose rate follows what the host says (additive increase,
// multiplicative decrease), and a closed gate while it asked us to wait. Pure: told the time, owns no thread or clock.
#pragma once

#include <chrono>
#include <optional>

namespace dbr::http {

/// Not thread-safe: PoliteClient guards it.
class Throttle {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// `rate` requests a second is the ceiling, never exceeded (infinity: no limit of our own). It must be positive.
  explicit Throttle(double rate);

  /// Reserves the next request and returns how long to wait before sending it. In any window of W seconds at most
  /// rate * W + 1 reservations fall due, none of those made while the gate is closed before it opens.
  Duration reserve(TimePoint now);
  /// True when a request whose wait is over must not be sent, because the host pushed back meanwhile: reserve again.
  bool is_closed(TimePoint now) const { return now < m_open_at; }
  /// To be asked when the wait is over, because a sleeper may wake late and the next one on time. Zero: the request is
  /// sent now. Otherwise how much longer to wait before asking again. What is sent keeps to the bound above, whoever
  /// comes late.
  Duration start(TimePoint now);
  /// Zero when open.
  Duration until_open(TimePoint now) const;

  /// 429 or 503: halves the rate and closes the gate for `retry_after`, or a growing time when it is not given. While
  /// the gate is closed already, the answer belongs to a request sent before: it can only make the gate stay longer.
  void on_pushback(TimePoint now, std::optional<std::chrono::seconds> retry_after);
  /// Anything else that arrived in good order: the rate creeps back to its ceiling.
  void on_success(TimePoint now);

  double rate() const { return m_rate; }

 private:
  void count(TimePoint now);
  double measured_rate(TimePoint now) const;

  double m_ceiling;
  double m_rate;
  /// What a step of recovery and the floor are fractions of: the ceiling, or what was measured when there is none.
  double m_reference;
  TimePoint m_next_due{};
  std::optional<TimePoint> m_last_start;
  TimePoint m_open_at{};
  int m_pushbacks_in_a_row = 0;
  /// Requests reserved in the second that began at m_second, and in the one before.
  TimePoint m_second{};
  int m_this_second = 0;
  int m_last_second = 0;
};

}  // namespace dbr::http
