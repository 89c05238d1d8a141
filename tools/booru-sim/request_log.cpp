// SPDX-License-Identifier: MIT
#include "request_log.hpp"

#include <stdexcept>

#include "json.hpp"

namespace dbr::sim {

RequestLog::RequestLog(const std::filesystem::path& file) {
  if (file.empty()) return;
  m_file.open(file, std::ios::app);
  if (!m_file) throw std::runtime_error("cannot write " + file.string());
}

namespace {

std::int64_t microseconds(RequestLog::Clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

void RequestLog::add(const Call& call, const Reply& reply, std::string_view fault, Clock::time_point begin) {
  const std::scoped_lock lock(m_mutex);
  const std::int64_t end_us = microseconds(Clock::now() - m_start);
  const Json line = {
      {"n", ++m_count},
      {"time_ms", end_us / 1000},
      {"begin_us", microseconds(begin - m_start)},
      {"end_us", end_us},
      {"closed_until_us", reply.wait_us > 0 ? Json(end_us + reply.wait_us) : Json()},
      {"method", call.method},
      {"path", call.target},
      {"agent", call.header("User-Agent")},
      {"has_authorization", !call.header("Authorization").empty() || parameter(call.parameters, "api_key").has_value()},
      {"range", call.header("Range")},
      {"connection", call.connection},
      {"status", reply.status},
      {"bytes", reply.body.size()},
      {"fault", fault}};
  m_lines.push_back(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (m_file.is_open()) m_file << m_lines.back() << std::endl;
}

std::string RequestLog::text() const {
  const std::scoped_lock lock(m_mutex);
  std::string text = "[";
  for (const auto& line : m_lines) {
    if (text.size() > 1) text += ",\n";
    text += line;
  }
  return text + "]";
}

void RequestLog::clear() {
  const std::scoped_lock lock(m_mutex);
  m_lines.clear();
}

}  // namespace dbr::sim
