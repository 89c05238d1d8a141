// SPDX-License-Identifier: MIT
// The runner gives an item stage its threads, batching, commits, progress, limits and stop. The stage says three
// things: which items come next (a cursor over the manifest), what to do with one (on any worker), and how a batch of
// outcomes becomes durable (on the runner's own thread, so a stage has one writer). Items in flight live in memory
// only.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dbr/async/bounded_queue.hpp"
#include "dbr/async/stop.hpp"
#include "dbr/async/worker_pool.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/pipeline/progress.hpp"

namespace dbr::pipeline {

/// What the runner has to know of an outcome; the stage's own fields come on top by inheritance.
struct OutcomeFacts {
  PostId id = 0;
  ByteCount bytes = 0;
  bool is_failure = false;  ///< counts as failed in the progress and towards --max-errors
  /// It failed in a way that may be the source's fault as well as the item's. Such outcomes are not committed before
  /// bytes of another item, or check_source(), have shown that the source is sound.
  bool is_suspect = false;
  std::optional<Error> error;  ///< why the item is where it was; a stage-stopping kind ends the run
};

/// Item has a member `PostId id`; Outcome derives from OutcomeFacts.
template <class Item, class Outcome>
class ItemStage {
 public:
  virtual ~ItemStage() = default;
  /// Up to `limit` items, those that come after the ones given last, or the first ones; none at the end. The stage
  /// keeps the place. Runner's thread.
  virtual Result<std::vector<Item>> next(bool from_start, int limit) = 0;
  /// Any worker thread; never throws for what the world does. Must return soon once `stop` is aborting.
  virtual Outcome process(const Item& item) = 0;
  /// Makes outcomes durable, then records them. Runner's thread.
  virtual Result<void> commit(std::vector<Outcome>& outcomes) = 0;
  /// Outcomes with an error come here instead, right before a commit: their items are left where they were.
  virtual Result<void> note_left(std::vector<Outcome>& outcomes) = 0;
  /// Items failed: is it their fault? An Error says that it is their source's, and ends the run; false, that there is
  /// nothing to tell it by. Runner's thread.
  virtual Result<bool> check_source() { return true; }
  /// A worker thread is about to end.
  virtual void leave_worker() {}
};

struct RunLimits {
  std::size_t threads = 1;
  std::optional<std::int64_t> max_errors;
  /// After so many items in a row met a transient error, the site or network is taken to be gone.
  int transient_in_a_row = 12;
  /// After so many refusals (403 and the like) in a row it is not the item that is refused, but us; unless the source
  /// proves sound.
  int rejected_in_a_row = 3;
  /// After so many failures of other kinds in a row, and at the end if there are any, the source is checked.
  int suspects_in_a_row = 20;
  /// True once a limit of the user's is reached; asked between items. Empty: there is none.
  std::function<bool()> is_spent = {};
  /// While true, an empty queue may fill again: an earlier stage still works. Empty: it will not.
  std::function<bool()> is_fed = {};
};

struct RunSummary {
  std::int64_t done = 0;            ///< outcomes committed
  std::int64_t failed = 0;          ///< of those, failures
  std::int64_t left = 0;            ///< items that met an error and are where they were
  bool is_interrupted = false;      ///< by the stop token
  bool is_limited = false;          ///< by max_errors or is_spent
  std::optional<Error> stopped_by;  ///< the error that ended the run early
};

/// Runs until the queue is empty, a limit is reached, a stage-stopping error occurs or `stop` says so; what is in
/// flight is always finished and committed first (level abort makes it end quickly). An Error is a commit or queue that
/// failed.
template <class Item, class Outcome>
Result<RunSummary> run_items(ItemStage<Item, Outcome>& stage, const RunLimits& limits, const StopToken& stop,
                             Meter& meter) {
  using Clock = std::chrono::steady_clock;
  constexpr auto k_commit_interval = std::chrono::milliseconds(500);
  constexpr auto k_poll_interval = std::chrono::milliseconds(50);
  // Reached only where thousands of items a second are done; then syncing many at once is what keeps up.
  constexpr std::size_t k_batch = 1024;
  // Enough for the workers to go on while a batch is made durable.
  const std::size_t capacity = std::max(limits.threads * 4, k_batch * 2);

  const auto untouched = [](const Item& item) {
    Outcome outcome;
    outcome.id = item.id;
    outcome.error = Error{ErrorKind::cancelled, "the run ended first"};
    return outcome;
  };
  BoundedQueue<Item> todo(capacity);
  BoundedQueue<Outcome> finished(capacity + limits.threads);
  RunSummary summary;
  std::atomic<bool> is_worker_lost{false};
  std::atomic<bool> is_over{false};  // what waits in the queue goes back untouched
  WorkerPool workers(limits.threads, [&](std::size_t) {
    try {
      while (auto item = todo.pop()) {
        finished.push(is_over || stop.is_stopping() ? untouched(*item) : stage.process(*item));
      }
    } catch (...) {
      is_worker_lost = true;  // or the runner would wait for an outcome that never comes
      throw;
    }
    stage.leave_worker();
  });
  // Whatever ends this function, the workers must not wait for more; WorkerPool joins them.
  struct Close {
    BoundedQueue<Item>& queue;
    ~Close() { queue.close(); }
  } close_at_end{todo};

  std::deque<Item> ready;
  std::unordered_set<PostId> in_flight;
  std::unordered_set<PostId> left;
  std::vector<Outcome> batch;
  std::vector<Outcome> left_batch;
  std::vector<Outcome> suspected;
  int suspects_in_a_row = 0;  // those that are left included
  std::int64_t failures = 0;  // committed or not; what is not found is none yet
  bool is_at_start = true;
  bool is_exhausted = false;
  bool is_pass_fed = false;
  bool has_pass_found = false;
  int transient_in_a_row = 0;
  int rejected_in_a_row = 0;
  auto last_commit = Clock::now();
  std::optional<Error> broken;

  const auto is_ending = [&] { return broken || summary.stopped_by || summary.is_limited || summary.is_interrupted; };
  const auto commit = [&] {
    last_commit = Clock::now();
    if (broken) return;
    auto result = left_batch.empty() ? Result<void>() : stage.note_left(left_batch);
    left_batch.clear();
    if (result && !batch.empty()) result = stage.commit(batch);
    if (!result) {
      broken = std::move(result).error();
      return;
    }
    for (const Outcome& outcome : batch) {
      meter.add_bytes(outcome.bytes);
      if (outcome.is_failure) meter.add_failed();
      summary.failed += outcome.is_failure ? 1 : 0;
      in_flight.erase(outcome.id);
    }
    meter.add_done(static_cast<std::int64_t>(batch.size()));
    summary.done += static_cast<std::int64_t>(batch.size());
    batch.clear();
  };
  const auto refill = [&] {
    // Asked before a pass: what is fed while it goes on is then found by another pass.
    if (is_at_start) is_pass_fed = limits.is_fed && limits.is_fed();
    auto items = stage.next(is_at_start, static_cast<int>(k_batch));
    if (!items) {
      broken = std::move(items).error();
      return;
    }
    if (items->empty()) {
      // A fed queue also grows behind the cursor: only a whole pass without anything new ends it.
      is_exhausted = !limits.is_fed || (!is_pass_fed && !has_pass_found);
      is_at_start = true;
      has_pass_found = false;
      return;
    }
    is_at_start = false;
    for (Item& item : *items) {
      if (in_flight.contains(item.id) || left.contains(item.id)) continue;
      has_pass_found = true;
      ready.push_back(std::move(item));
    }
  };
  const auto trust_source = [&] {
    std::ranges::move(suspected, std::back_inserter(batch));
    suspected.clear();
    suspects_in_a_row = 0;
  };
  const auto leave = [&](Outcome outcome) {
    in_flight.erase(outcome.id);
    ++summary.left;
    left.insert(outcome.id);
    meter.add_failed();
    left_batch.push_back(std::move(outcome));
  };
  const auto suspect_source = [&] {
    if (++suspects_in_a_row < limits.suspects_in_a_row || summary.stopped_by) return;
    auto sound = stage.check_source();
    if (sound && *sound) return trust_source();
    summary.stopped_by =
        sound ? Error{ErrorKind::network, fmt::format("the first {} items all failed", limits.suspects_in_a_row)}
              : std::move(sound).error();
  };
  const auto take = [&](Outcome outcome) {
    if (!outcome.error) {
      failures += outcome.is_failure ? 1 : 0;
      transient_in_a_row = rejected_in_a_row = 0;
      const bool is_suspect = outcome.is_suspect;
      if (!is_suspect && outcome.bytes > 0) trust_source();
      (is_suspect ? suspected : batch).push_back(std::move(outcome));
      if (is_suspect) suspect_source();
      return;
    }
    const Error error = *outcome.error;
    if (error.kind == ErrorKind::cancelled) {
      in_flight.erase(outcome.id);
      return;
    }
    leave(std::move(outcome));
    failures += error.kind == ErrorKind::not_found ? 0 : 1;
    const bool is_passing = is_transient(error.kind);
    const bool is_gone = is_passing && ++transient_in_a_row >= limits.transient_in_a_row;
    const bool is_rejected = error.kind == ErrorKind::remote_rejected;
    if (!summary.stopped_by && (is_gone || (stops_stage(error.kind) && !is_rejected))) summary.stopped_by = error;
    if (is_rejected && ++rejected_in_a_row >= limits.rejected_in_a_row && !summary.stopped_by) {
      const auto sound = stage.check_source();
      if (sound && *sound) {
        rejected_in_a_row = 0;
      } else {
        summary.stopped_by = error;
      }
    }
    if (!is_passing && !is_rejected) suspect_source();
  };

  while (!is_worker_lost) {
    if (stop.is_stopping()) summary.is_interrupted = true;
    if (limits.max_errors && failures >= *limits.max_errors) summary.is_limited = true;
    if (limits.is_spent && limits.is_spent()) summary.is_limited = true;
    if (is_ending()) is_over = true;
    // in_flight also holds what waits for its commit: it must not be handed out again before its row says so.
    const auto waiting = [&] { return batch.size() + suspected.size(); };
    while (!is_ending() && in_flight.size() - waiting() < capacity) {
      if (ready.empty() && !is_exhausted) refill();
      if (ready.empty()) break;
      in_flight.insert(ready.front().id);
      todo.push(std::move(ready.front()));
      ready.pop_front();
    }
    const bool is_idle = in_flight.size() == waiting();
    if (is_idle && (is_exhausted || is_ending())) break;
    if (auto outcome = finished.pop_until(Clock::now() + k_poll_interval)) take(std::move(*outcome));
    const bool is_due = Clock::now() - last_commit >= k_commit_interval && !(batch.empty() && left_batch.empty());
    if (is_due || batch.size() >= k_batch || (is_idle && !batch.empty())) commit();
  }
  if (summary.is_interrupted || summary.is_limited) suspected.clear();  // the next run looks again
  // Without anything to tell by, few are believed.
  if (!suspected.empty() && !summary.stopped_by && !broken && !is_worker_lost) {
    if (auto sound = stage.check_source(); !sound) summary.stopped_by = std::move(sound).error();
  }
  if (summary.stopped_by) {
    for (Outcome& each : suspected) {
      each.error = summary.stopped_by;
      leave(std::move(each));
    }
  } else {
    trust_source();
  }
  commit();
  todo.close();
  workers.join();
  if (broken) return fail(std::move(*broken));
  return summary;
}

}  // namespace dbr::pipeline
