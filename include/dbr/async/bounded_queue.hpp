// SPDX-License-Identifier: MIT
// A bounded queue between threads. close() lets readers drain what is left; pop() then says so with nullopt.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace dbr {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

  /// Waits for room. False, and the value is dropped, once the queue is closed.
  bool push(T value) {
    std::unique_lock lock(m_mutex);
    m_room.wait(lock, [&] { return m_closed || m_values.size() < m_capacity; });
    if (m_closed) return false;
    m_values.push_back(std::move(value));
    m_value.notify_one();
    return true;
  }

  /// Waits for a value; nullopt once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(m_mutex);
    m_value.wait(lock, [&] { return m_closed || !m_values.empty(); });
    return take(lock);
  }

  /// The same, but gives up at `deadline`; nullopt then means "nothing yet" or "closed".
  template <class TimePoint>
  std::optional<T> pop_until(TimePoint deadline) {
    std::unique_lock lock(m_mutex);
    m_value.wait_until(lock, deadline, [&] { return m_closed || !m_values.empty(); });
    return take(lock);
  }

  void close() {
    std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_room.notify_all();
    m_value.notify_all();
  }

 private:
  std::optional<T> take(const std::unique_lock<std::mutex>&) {
    if (m_values.empty()) return std::nullopt;
    std::optional<T> value(std::move(m_values.front()));
    m_values.pop_front();
    m_room.notify_one();
    return value;
  }

  const std::size_t m_capacity;
  std::mutex m_mutex;
  std::condition_variable m_room;
  std::condition_variable m_value;
  std::deque<T> m_values;
  bool m_closed = false;
};

}  // namespace dbr
