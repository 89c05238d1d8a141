// SPDX-License-Identifier: MIT
// --max-duration: one deadline for a whole command, however many stages it has and whatever they wait for.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "dbr/async/stop.hpp"

namespace dbr::cli {

/// From its making on: when `duration` is over, asks those who hold token() to drain, and
/// after the grace (signals.hpp) to abort. Without a duration it never does.
class TimeLimit {
 public:
  TimeLimit(std::optional<std::chrono::milliseconds> duration, const StopToken& parent);
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

  /// Stops when the time is up, and when the parent does.
  StopToken token() const { return m_timed.token(); }
  bool is_up() const { return m_is_up; }

 private:
  StopSource m_timed;
  StopSource m_ending;  // wakes the thread: nobody waits for a timer
  std::atomic<bool> m_is_up{false};
  std::thread m_thread;
};

}  // namespace dbr::cli
