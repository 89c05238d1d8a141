// SPDX-License-Identifier: MIT
#include "dbr/async/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace dbr {

RateLimiter::RateLimiter(double rate, double burst) : m_rate(rate), m_burst(burst), m_available(burst) {}

void RateLimiter::refill(TimePoint now) {
  if (now <= m_updated) return;
  const double elapsed = std::chrono::duration<double>(now - m_updated).count();
  m_available = std::min(m_burst, m_available + elapsed * m_rate);
  m_updated = now;
}

RateLimiter::Duration RateLimiter::take(TimePoint now, double amount) {
  if (std::isinf(m_rate)) return {};
  refill(now);
  m_available -= amount;
  if (m_available >= 0) return {};
  // Rounded up, so that a permit never falls due a tick early.
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(-m_available / m_rate));
}

void RateLimiter::set_rate(TimePoint now, double rate) {
  if (std::isinf(m_rate)) {
    m_updated = now;
  } else {
    refill(now);
  }
  m_rate = rate;
}

}  // namespace dbr
