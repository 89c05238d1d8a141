// SPDX-License-Identifier: MIT
#include "dbr/async/stop.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace dbr {

struct StopToken::State {
  std::atomic<StopLevel> level{StopLevel::none};
  std::mutex mutex;
  std::condition_variable raised;
  std::vector<std::weak_ptr<State>> children;

  void raise(StopLevel to) {
    std::vector<std::weak_ptr<State>> to_tell;
    {
      std::scoped_lock lock(mutex);
      if (level.load() >= to) return;
      level.store(to);
      to_tell = children;
    }
    raised.notify_all();
    for (const auto& child : to_tell) {
      if (const auto state = child.lock()) state->raise(to);
    }
  }
};

StopLevel StopToken::level() const {
  return m_state->level.load(std::memory_order_relaxed);
}

bool StopToken::sleep_for(std::chrono::milliseconds duration, StopLevel until) const {
  std::unique_lock lock(m_state->mutex);
  return !m_state->raised.wait_for(lock, duration, [&] { return m_state->level.load() >= until; });
}

StopSource::StopSource() : m_state(std::make_shared<StopToken::State>()) {}

StopSource::StopSource(const StopToken& parent) : StopSource() {
  auto& state = *parent.m_state;
  StopLevel inherited;
  {
    std::scoped_lock lock(state.mutex);
    std::erase_if(state.children, [](const auto& child) { return child.expired(); });
    state.children.push_back(m_state);
    inherited = state.level.load();
  }
  m_state->raise(inherited);
}

void StopSource::request_stop(StopLevel level) {
  m_state->raise(level);
}

}  // namespace dbr
