// SPDX-License-Identifier: MIT
// Ctrl-C and SIGTERM as two-level stop. The handlers write to an eventfd and do nothing else; a thread acts.
#pragma once

#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "dbr/async/stop.hpp"
#include "dbr/base/file.hpp"

namespace dbr::cli {

/// What is in flight may take this long to finish once a stop was asked for.
inline constexpr std::chrono::milliseconds k_drain_grace{5'000};

/// While it lives: the first SIGINT or SIGTERM asks `source` to drain and says so, the second, or the end of the grace,
/// to abort; a third has its usual effect. At most one at a time in a process.
class SignalWatch {
 public:
  explicit SignalWatch(StopSource& source);
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

 private:
  void run();

  StopSource& m_source;
  Fd m_event;
  std::atomic<bool> m_is_ending{false};
  struct sigaction m_old_interrupt = {};
  struct sigaction m_old_terminate = {};
  std::thread m_thread;
};

/// While it lives a write to a closed pipe is an error (EPIPE), not the end of the process.
class SigpipeIgnored {
 public:
  SigpipeIgnored();
  SigpipeIgnored(const SigpipeIgnored&) = delete;
  SigpipeIgnored& operator=(const SigpipeIgnored&) = delete;
  ~SigpipeIgnored();

 private:
  struct sigaction m_old = {};
};

}  // namespace dbr::cli
