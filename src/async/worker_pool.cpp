// SPDX-License-Identifier: MIT
#include "dbr/async/worker_pool.hpp"

#include <utility>

namespace dbr {

WorkerPool::WorkerPool(std::size_t count, std::function<void(std::size_t)> body) : m_body(std::move(body)) {
  m_threads.reserve(count);
  for (std::size_t number = 0; number < count; ++number) {
    m_threads.emplace_back([this, number] {
      try {
        m_body(number);
      } catch (...) {
        std::scoped_lock lock(m_mutex);
        if (!m_first_exception) m_first_exception = std::current_exception();
      }
    });
  }
}

WorkerPool::~WorkerPool() {
  for (auto& thread : m_threads) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::join() {
  for (auto& thread : m_threads) {
    if (thread.joinable()) thread.join();
  }
  if (m_first_exception) std::rethrow_exception(std::exchange(m_first_exception, nullptr));
}

}  // namespace dbr
