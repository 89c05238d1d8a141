// SPDX-License-Identifier: MIT
#include "row_printer.hpp"

#include <fmt/format.h>

namespace dbr::stages {
namespace {

constexpr std::size_t k_buffer_size = 64 * 1024;

}  // namespace

RowPrinter::RowPrinter(const Context& context, std::string_view what) : m_context(context), m_what(what) {
  if (context.settings.json && !context.settings.count) {
    m_buffer = fmt::format(R"({{"command":"{0}","{0}":[)", what);
  }
}

Result<bool> RowPrinter::add(std::int64_t id, std::string_view json) {
  const Settings& settings = m_context.settings;
  ++m_count;
  if (!settings.count) {
    if (settings.json && m_count > 1) m_buffer += ',';
    m_buffer += settings.ids_only ? std::to_string(id) : json;
    if (!settings.json) m_buffer += '\n';
  }
  if (m_buffer.size() >= k_buffer_size) DBR_CHECK(flush());
  return !m_context.stop.is_stopping();
}

Result<Report> RowPrinter::finish(ExitCode code) {
  const Settings& settings = m_context.settings;
  if (m_context.stop.is_stopping()) code = ExitCode::interrupted;
  if (settings.count) {
    return Report{fmt::format("{}\n", m_count), fmt::format(R"({{"command":"{}","count":{}}})", m_what, m_count), code};
  }
  if (settings.json) {
    Report report{"", m_buffer + "]}", code};
    return report;
  }
  DBR_CHECK(flush());
  return Report{"", "", code};
}

Result<void> RowPrinter::flush() {
  auto printed = m_context.print(m_buffer);
  m_buffer.clear();
  return printed;
}

}  // namespace dbr::stages
