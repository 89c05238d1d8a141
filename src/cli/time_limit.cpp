// SPDX-License-Identifier: MIT
#include "dbr/cli/time_limit.hpp"

#include <algorithm>

#include "dbr/cli/signals.hpp"

namespace dbr::cli {
namespace {

// So that adding it to the present does not overflow.
constexpr std::chrono::milliseconds k_longest = std::chrono::years(100);

}  // namespace

TimeLimit::TimeLimit(std::optional<std::chrono::milliseconds> duration, const StopToken& parent) : m_timed(parent) {
  if (!duration) return;
  m_thread = std::thread([this, wait = std::min(*duration, k_longest)] {
    if (!m_ending.token().sleep_for(wait)) return;
    m_is_up = true;
    m_timed.request_stop(StopLevel::drain);
    if (m_ending.token().sleep_for(k_drain_grace)) m_timed.request_stop(StopLevel::abort);
  });
}

TimeLimit::~TimeLimit() {
  m_ending.request_stop(StopLevel::drain);
  if (m_thread.joinable()) m_thread.join();
}

}  // namespace dbr::cli
