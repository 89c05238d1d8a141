// SPDX-License-Identifier: MIT
// Progress as facts: stages count, renderers (room cli) draw. Nothing here knows of terminals.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dbr::pipeline {

/// One stage's numbers. Thread-safe.
class Meter {
 public:
  explicit Meter(std::string name) : m_name(std::move(name)), m_started(std::chrono::steady_clock::now()) {}

  /// Items there are to do; a later call corrects it. Negative: not known.
  void set_total(std::int64_t items) { m_total = items; }
  void add_done(std::int64_t items = 1) { m_done += items; }
  void add_failed(std::int64_t items = 1) { m_failed += items; }
  void add_bytes(std::int64_t bytes) { m_bytes += bytes; }
  void finish() { m_is_finished = true; }

  struct Facts {
    std::string name;  ///< of the stage: "fetch-images"
    std::int64_t total = -1, done = 0, failed = 0, bytes = 0;
    std::chrono::milliseconds elapsed{};
    bool is_finished = false;
  };
  Facts facts() const;

 private:
  const std::string m_name;
  const std::chrono::steady_clock::time_point m_started;
  std::atomic<std::int64_t> m_total{-1}, m_done{0}, m_failed{0}, m_bytes{0};
  std::atomic<bool> m_is_finished{false};
};

/// The meters of a run, in the order they were started. Thread-safe; meters live as long as the Progress.
class Progress {
 public:
  Meter& start(std::string name);
  std::vector<Meter::Facts> facts() const;

 private:
  mutable std::mutex m_mutex;
  std::vector<std::unique_ptr<Meter>> m_meters;
};

}  // namespace dbr::pipeline
