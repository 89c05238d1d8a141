// SPDX-License-Identifier: MIT
// Progress as facts: stages count, renderers (room cli) draw. Nothing here knows of terminals.
#pragma once

#include <array>
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
  /// The parts of a worker's time that are worth telling apart, and how many workers there are. Before any add_work.
  void set_parts(std::vector<std::string> names, std::size_t workers);
  void add_work(std::size_t part, std::chrono::nanoseconds time) { m_work.at(part) += time.count(); }

  struct Facts {
    std::string name;  ///< of the stage: "fetch-images"
    std::int64_t total = -1, done = 0, failed = 0, bytes = 0;
    std::chrono::milliseconds elapsed{};
    bool is_finished = false;
    /// Shares of the workers' time so far, and last what none of them took, as "wait"; empty without set_parts.
    struct Share {
      std::string name;
      double share = 0;  ///< 0 to 1
    };
    std::vector<Share> shares;
  };
  Facts facts() const;

 private:
  const std::string m_name;
  const std::chrono::steady_clock::time_point m_started;
  std::atomic<std::int64_t> m_total{-1}, m_done{0}, m_failed{0}, m_bytes{0};
  std::atomic<bool> m_is_finished{false};
  mutable std::mutex m_mutex;  ///< of the next two
  std::vector<std::string> m_parts;
  std::size_t m_workers = 0;
  static constexpr std::size_t k_most_parts = 4;
  std::array<std::atomic<std::int64_t>, k_most_parts> m_work{};  ///< nanoseconds
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
