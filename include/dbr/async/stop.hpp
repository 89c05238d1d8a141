// SPDX-License-Identifier: MIT
// Two-level stop. Level one (drain): take nothing new, finish what is in flight, commit. Level two (abort): give up
// what is in flight; nothing is lost, because nothing half done is ever visible.
#pragma once

#include <chrono>
#include <memory>

namespace dbr {

enum class StopLevel : int { none = 0, drain = 1, abort = 2 };

/// A copyable view of one shared stop state. Thread-safe. Reading is one atomic load.
class StopToken {
 public:
  StopLevel level() const;
  bool is_stopping() const { return level() != StopLevel::none; }
  bool is_aborting() const { return level() == StopLevel::abort; }

  /// Sleeps for `duration`, or until the level becomes at least `until`. False when stopped.
  bool sleep_for(std::chrono::milliseconds duration, StopLevel until = StopLevel::drain) const;

 private:
  friend class StopSource;
  struct State;
  explicit StopToken(std::shared_ptr<State> state) : m_state(std::move(state)) {}
  std::shared_ptr<State> m_state;
};

/// Owns the stop state. request_stop() only ever raises the level. Thread-safe.
class StopSource {
 public:
  StopSource();
  /// A child stops when its parent does; stopping the child leaves the parent alone.
  explicit StopSource(const StopToken& parent);

  void request_stop(StopLevel level);
  StopToken token() const { return StopToken(m_state); }

 private:
  std::shared_ptr<StopToken::State> m_state;
};

}  // namespace dbr
