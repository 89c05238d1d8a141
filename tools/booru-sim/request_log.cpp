// SPDX-License-Identifier: MIT
#include "request_log.hpp"

#include <stdexcept>

#include "json.hpp"

namespace dbr::sim {

namespace {

std::int64_t microseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

RequestLog::RequestLog(const std::filesystem::path& file) {
  if (file.empty()) return;
  m_file.open(file, std::ios::app);
  if (!m_file) throw std::runtime_error("cannot write " + file.string());
}

void RequestLog::add(const Call& call, TimePoint arrived, const Reply& reply, std::string_view fault) {
  const auto answered = TimePoint::clock::now() - m_start;
  const std::scoped_lock lock(m_mutex);
  const auto elapsed = arrived - m_start;
  const Json line = {
      {"n", ++m_count},
      {"time_ms", std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()},
      {"method", call.method},
      {"path", call.target},
      {"agent", call.header("User-Agent")},
      {"has_authorization", !call.header("Authorization").empty() || parameter(call.parameters, "api_key").has_value()},
      {"range", call.header("Range")},
      {"if_range", call.header("If-Range")},
      {"connection", call.connection},
      {"status", reply.status},
      {"bytes", reply.body.size()},
      {"fault", fault},
      {"begin_us", microseconds(elapsed)},
      {"end_us", microseconds(answered)},
      {"closed_until_us", reply.wait_us > 0 ? Json(microseconds(answered) + reply.wait_us) : Json()}};
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
