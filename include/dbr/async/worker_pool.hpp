// SPDX-License-Identifier: MIT
// Threads that are always joined. A worker's exception ends its thread, is kept, and is thrown again by join().
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dbr {

class WorkerPool {
 public:
  /// Starts `count` threads, each running `body(worker_number)` once.
  WorkerPool(std::size_t count, std::function<void(std::size_t)> body);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  /// Waits for all; throws the first exception a worker ended with.
  void join();

 private:
  std::function<void(std::size_t)> m_body;
  std::mutex m_mutex;
  std::exception_ptr m_first_exception;
  std::vector<std::thread> m_threads;
};

}  // namespace dbr
