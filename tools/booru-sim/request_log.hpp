// SPDX-License-Identifier: MIT
// What was asked and what was answered, for tests to look at. Safe from any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "reply.hpp"

namespace dbr::sim {

class RequestLog {
 public:
  /// Appends to `file` as JSON Lines, unless it is empty.
  explicit RequestLog(const std::filesystem::path& file);

  using TimePoint = std::chrono::steady_clock::time_point;
  void add(const Call& call, TimePoint arrived, const Reply& reply, std::string_view fault);
  /// A JSON array.
  std::string text() const;
  void clear();

 private:
  mutable std::mutex m_mutex;
  TimePoint m_start = std::chrono::steady_clock::now();
  std::int64_t m_count = 0;
  std::vector<std::string> m_lines;
  std::ofstream m_file;
};

}  // namespace dbr::sim
