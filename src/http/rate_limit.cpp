// SPDX-License-Identifier: MIT
#include "rate_limit.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace dbr::http {
namespace {

/// What a loop that wakes up late may make up for: a fiftieth of a second, and never less than a few pieces.
constexpr double k_burst_part = 1.0 / 50;
constexpr double k_least_burst = 32'000;
/// Pieces come this often in a second; curl takes no buffer below 1 KiB.
constexpr ByteCount k_pieces_a_second = 320;
constexpr ByteCount k_least_piece = 1024;
constexpr ByteCount k_most_piece = ByteCount{128} * 1024;
constexpr ByteCount k_least_allowance = 1'000'000;
/// Less than this in a connection's buffer, and the network's packets no longer fit.
constexpr ByteCount k_least_buffer = ByteCount{16} * 1024;

}  // namespace

RateLimit::RateLimit(ByteCount bytes_per_second)
    : m_rate(static_cast<double>(bytes_per_second)),
      m_burst(std::max(k_least_burst, m_rate * k_burst_part)),
      m_level(m_burst) {
  if (bytes_per_second <= 0) throw std::invalid_argument("a rate limit needs a positive rate");
}

bool RateLimit::take(const void* who, std::size_t size, TimePoint now) {
  fill(now);
  // The level may fall below zero: then all wait for it, which bounds the sum whatever the sizes are.
  if (m_level > 0 && m_queue.empty()) {
    charge(size);
    return true;
  }
  if (std::ranges::find(m_queue, who) == m_queue.end()) m_queue.push_back(who);
  return false;
}

const void* RateLimit::next(TimePoint now) {
  fill(now);
  if (m_level <= 0 || m_queue.empty()) return nullptr;
  const void* who = m_queue.front();
  m_queue.pop_front();
  return who;
}

RateLimit::Duration RateLimit::wait(TimePoint now) {
  if (m_queue.empty()) return Duration::max();
  fill(now);
  if (m_level > 0) return Duration{0};
  // A little more than nothing has to be there; an hour is as good as for ever and fits the clock.
  const double seconds = std::min((1 - m_level) / m_rate, 3600.0);
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(seconds));
}

void RateLimit::leave(const void* who) {
  std::erase(m_queue, who);
}

void RateLimit::fill(TimePoint now) {
  if (m_filled != TimePoint{} && now > m_filled) {
    m_level = std::min(m_burst, m_level + m_rate * std::chrono::duration<double>(now - m_filled).count());
  }
  m_filled = std::max(m_filled, now);
}

ByteCount piece_size(ByteCount bytes_per_second, long connections) {
  const ByteCount most = rate_allowance(bytes_per_second) / 8 / std::max(connections, 1L);
  return std::clamp(std::min(most, bytes_per_second / k_pieces_a_second), k_least_piece, k_most_piece);
}

ByteCount rate_allowance(ByteCount bytes_per_second) {
  return std::max(k_least_allowance, bytes_per_second / 5);
}

int receive_buffer_size(ByteCount bytes_per_second, long connections) {
  const ByteCount count = std::max(connections, 1L);
  // Three quarters of the allowance at most, and no more than 150 ms at the full rate: for slow lines that is little.
  const ByteCount most = rate_allowance(bytes_per_second) / 4 * 3 / count;
  const ByteCount wanted = std::max(k_least_buffer, bytes_per_second / 100 * 15 / count);
  return static_cast<int>(std::min({most, wanted, ByteCount{std::numeric_limits<int>::max()}}) / 2);
}

}  // namespace dbr::http
