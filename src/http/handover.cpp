// SPDX-License-Identifier: MIT
#include "handover.hpp"

#include <algorithm>
#include <utility>

namespace dbr::http {
namespace {

/// More than a line brings while a thread is woken, and little enough for many transfers at once.
constexpr std::size_t k_room = std::size_t{512} << 10;

}  // namespace

void Handover::put_head(const Head& head) {
  const std::lock_guard lock(m_mutex);
  m_head = &head;
  m_bytes.reserve(std::min(k_room, static_cast<std::size_t>(std::max<ByteCount>(0, head.content_length.value_or(0)))));
  m_is_told = false;
}

void Handover::put(std::string_view bytes) {
  const std::lock_guard lock(m_mutex);
  m_bytes += bytes;
  m_is_told = false;
}

bool Handover::is_full() {
  const std::lock_guard lock(m_mutex);
  m_is_held = m_bytes.size() >= k_room;
  return m_is_held;
}

bool Handover::is_refused() {
  const std::lock_guard lock(m_mutex);
  return m_is_refused;
}

void Handover::tell() {
  const std::lock_guard lock(m_mutex);
  if (!std::exchange(m_is_told, true)) m_news.notify_one();
}

void Handover::finish() {
  // Notified under the lock: the waiter may be gone as soon as we unlock.
  const std::lock_guard lock(m_mutex);
  m_is_done = true;
  m_news.notify_one();
}

void Handover::serve(Sink& sink, const std::function<void()>& wake_loop) {
  std::string bytes;
  bool has_begun = false;
  for (bool is_done = false; !is_done;) {
    const Head* head = nullptr;
    bool is_awaited = false;
    bool is_refused = false;
    {
      std::unique_lock lock(m_mutex);
      m_news.wait(lock, [&] { return m_is_done || !m_bytes.empty() || (m_head != nullptr && !has_begun); });
      if (!has_begun) head = m_head;
      bytes.clear();
      bytes.swap(m_bytes);
      is_awaited = std::exchange(m_is_held, false);
      is_refused = m_is_refused;
      is_done = m_is_done;
    }
    has_begun = has_begun || head != nullptr;
    if (is_awaited && !is_done) wake_loop();
    if (is_refused || hand_over(sink, head, bytes)) continue;
    {
      const std::lock_guard lock(m_mutex);
      m_is_refused = true;
      is_done = is_done || m_is_done;
    }
    if (!is_done) wake_loop();
  }
}

bool Handover::hand_over(Sink& sink, const Head* head, std::string_view bytes) {
  try {
    auto taken = head != nullptr ? sink.begin(*head) : Result<void>();
    if (taken && !bytes.empty()) taken = sink.data(bytes);
    if (!taken) m_error = std::move(taken).error();
  } catch (...) {
    m_exception = std::current_exception();
  }
  return !m_error && !m_exception;
}

Result<void> Handover::verdict() {
  if (m_exception) std::rethrow_exception(m_exception);
  if (m_error) return dbr::fail(std::move(*m_error));
  return {};
}

}  // namespace dbr::http
