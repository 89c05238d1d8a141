// SPDX-License-Identifier: MIT
#include "dbr/cli/signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>

#include "dbr/base/log.hpp"

namespace dbr::cli {
namespace {

// All that a handler may touch.
std::atomic<int> g_event{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void add_to_event(int fd, std::uint64_t count) {
  // The counter cannot overflow, so this neither blocks nor fails.
  [[maybe_unused]] const auto written = ::write(fd, &count, sizeof count);
}

extern "C" void dbr_cli_on_signal(int) {
  const int saved = errno;
  if (const int fd = g_event.load(); fd >= 0) add_to_event(fd, 1);
  errno = saved;
}

}  // namespace

SignalWatch::SignalWatch(StopSource& source) : m_source(source), m_event(::eventfd(0, EFD_CLOEXEC)) {
  if (!m_event) throw std::runtime_error("cannot make an eventfd");
  m_thread = std::thread([this] { run(); });
  g_event = m_event.get();
  struct sigaction action = {};
  action.sa_handler = dbr_cli_on_signal;
  action.sa_flags = SA_RESTART;  // nobody else needs to know of interrupted calls
  ::sigaction(SIGINT, &action, &m_old_interrupt);
  ::sigaction(SIGTERM, &action, &m_old_terminate);
}

SignalWatch::~SignalWatch() {
  ::sigaction(SIGINT, &m_old_interrupt, nullptr);
  ::sigaction(SIGTERM, &m_old_terminate, nullptr);
  g_event = -1;
  m_is_ending = true;
  add_to_event(m_event.get(), 1);
  m_thread.join();
}

void SignalWatch::run() {
  for (std::uint64_t seen = 0;;) {
    pollfd event{m_event.get(), POLLIN, 0};
    if (seen == 1 && ::poll(&event, 1, static_cast<int>(k_drain_grace.count())) == 0) {
      // A transfer that stands still is not worth waiting for: its part file is all that is lost.
      m_source.request_stop(StopLevel::abort);
    }
    std::uint64_t count = 0;
    if (::read(m_event.get(), &count, sizeof count) != static_cast<ssize_t>(sizeof count)) {
      if (errno == EINTR) continue;
      return;
    }
    if (m_is_ending) return;
    if (seen == 0) {
      m_source.request_stop(StopLevel::drain);
      log::info("stopping: finishing what is in flight; press Ctrl-C again to stop at once");
    }
    seen += count;
    if (seen < 2) continue;
    m_source.request_stop(StopLevel::abort);
    // Should anything hang, a third Ctrl-C still ends the process.
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    return;
  }
}

SigpipeIgnored::SigpipeIgnored() {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, &m_old);
}

SigpipeIgnored::~SigpipeIgnored() {
  ::sigaction(SIGPIPE, &m_old, nullptr);
}

}  // namespace dbr::cli
