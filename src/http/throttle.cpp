// SPDX-License-Identifier: MIT
#include "dbr/http/throttle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace dbr::http {
namespace {

using std::chrono::seconds;

/// The rate never falls below this part of the ceiling: six pushbacks in a row mean the host is down rather than busy,
/// and then the gate does the waiting.
constexpr double k_slowest_part = 1.0 / 64;
/// Successes it takes to climb from nothing to the ceiling: slow enough to notice the next pushback on the way.
constexpr double k_steps_to_recover = 30;
/// The gate, when the host does not say how long: doubled from one second, the window most limiters count in, to one
/// minute, after which a person would look again.
constexpr seconds k_first_pause{1};
constexpr seconds k_longest_pause{60};
/// Without a ceiling, a rate this much above the one that was pushed back once proves the trouble is over.
constexpr double k_unlimited_again = 4;

Throttle::Duration gap_at(double rate) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(std::min(1.0 / rate, 1e8) * 1e9)));
}

}  // namespace

Throttle::Throttle(double rate) : m_ceiling(rate), m_rate(rate), m_reference(rate) {
  if (!(rate > 0)) throw std::invalid_argument("a throttle needs a positive rate");
}

Throttle::Duration Throttle::reserve(TimePoint now) {
  // Spacing turns by what was promised, not by a bucket's level, keeps the window's bound when the rate goes up while
  // turns given out at a lower rate are still ahead.
  const TimePoint due = std::max({now, m_open_at, m_next_due});
  m_next_due = due + gap_at(m_rate);
  count(due);
  return due - now;
}

Throttle::Duration Throttle::start(TimePoint now) {
  if (m_last_start) {
    const TimePoint earliest = *m_last_start + gap_at(m_ceiling);
    if (now < earliest) return earliest - now;
  }
  m_last_start = now;
  return Duration{0};
}

Throttle::Duration Throttle::until_open(TimePoint now) const {
  return std::max(Duration{0}, m_open_at - now);
}

void Throttle::on_pushback(TimePoint now, std::optional<seconds> retry_after) {
  if (!is_closed(now)) {
    if (std::isinf(m_rate)) {
      // There is nothing to halve but what we really did.
      m_reference = measured_rate(now);
      m_rate = m_reference;
    }
    m_rate = std::max(m_rate / 2, m_reference * k_slowest_part);
    ++m_pushbacks_in_a_row;
  } else if (!retry_after) {
    return;
  }
  const int doublings = std::clamp(m_pushbacks_in_a_row - 1, 0, 6);
  const seconds pause = retry_after.value_or(std::min(k_longest_pause, k_first_pause * (1 << doublings)));
  m_open_at = std::max(m_open_at, now + pause);
}

void Throttle::on_success(TimePoint now) {
  // Sent before the gate closed: says nothing about how the host is now.
  if (is_closed(now)) return;
  m_pushbacks_in_a_row = 0;
  if (m_rate >= m_ceiling) return;
  m_rate = std::min(m_ceiling, m_rate + m_reference / k_steps_to_recover);
  if (std::isinf(m_ceiling) && m_rate >= m_reference * k_unlimited_again) m_rate = m_ceiling;
}

void Throttle::count(TimePoint now) {
  const auto age = now - m_second;
  if (age >= seconds{1}) {
    m_last_second = age < seconds{2} ? m_this_second : 0;
    m_this_second = 0;
    m_second = now;
  }
  ++m_this_second;
}

double Throttle::measured_rate(TimePoint now) const {
  // A second that has only begun is measured too, or the first answers of a run would set the pace of all. At least
  // one: a single request is no measure, and slower than one a second nobody needs to be by default.
  const std::chrono::duration<double> age = std::max<Duration>(now - m_second, std::chrono::milliseconds{100});
  return std::max({1.0, static_cast<double>(m_last_second), m_this_second / age.count()});
}

}  // namespace dbr::http
