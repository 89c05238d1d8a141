// SPDX-License-Identifier: MIT
#include "dbr/pipeline/progress.hpp"

namespace dbr::pipeline {

Meter::Facts Meter::facts() const {
  const auto elapsed = std::chrono::steady_clock::now() - m_started;
  return {m_name,       m_total, m_done,
          m_failed,     m_bytes, std::chrono::duration_cast<std::chrono::milliseconds>(elapsed),
          m_is_finished};
}

Meter& Progress::start(std::string name) {
  std::scoped_lock lock(m_mutex);
  return *m_meters.emplace_back(std::make_unique<Meter>(std::move(name)));
}

std::vector<Meter::Facts> Progress::facts() const {
  std::scoped_lock lock(m_mutex);
  std::vector<Meter::Facts> all;
  all.reserve(m_meters.size());
  for (const auto& meter : m_meters) all.push_back(meter->facts());
  return all;
}

}  // namespace dbr::pipeline
