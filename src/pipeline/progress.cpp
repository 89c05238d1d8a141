// SPDX-License-Identifier: MIT
#include "dbr/pipeline/progress.hpp"

#include <algorithm>
#include <utility>

namespace dbr::pipeline {

void Meter::set_parts(std::vector<std::string> names, std::size_t workers) {
  std::scoped_lock lock(m_mutex);
  m_parts = std::move(names);
  m_workers = workers;
}

Meter::Facts Meter::facts() const {
  const auto elapsed = std::chrono::steady_clock::now() - m_started;
  Facts facts{m_name,       m_total, m_done,
              m_failed,     m_bytes, std::chrono::duration_cast<std::chrono::milliseconds>(elapsed),
              m_is_finished};
  std::scoped_lock lock(m_mutex);
  const double whole = std::chrono::duration<double, std::nano>(elapsed).count() * static_cast<double>(m_workers);
  if (m_parts.empty() || whole <= 0) return facts;
  double left = 1;
  for (std::size_t part = 0; part < m_parts.size(); ++part) {
    facts.shares.push_back({m_parts[part], static_cast<double>(m_work.at(part)) / whole});
    left -= facts.shares.back().share;
  }
  facts.shares.push_back({"wait", std::max(left, 0.0)});
  return facts;
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
