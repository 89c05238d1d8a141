// SPDX-License-Identifier: MIT
#include "row_printer.hpp"

#include <fmt/format.h>

namespace dbr::stages {

RowPrinter::RowPrinter(const Context& context, std::string_view what)
    : m_context(context), m_what(what), m_answer(context) {}

Result<bool> RowPrinter::add(std::int64_t id, std::string_view json) {
  const Settings& settings = m_context.settings;
  ++m_count;
  if (!settings.count) {
    if (settings.json) DBR_CHECK(m_answer.add(m_count == 1 ? head() : ","));
    DBR_CHECK(m_answer.add(settings.ids_only ? std::to_string(id) : json));
    if (!settings.json) DBR_CHECK(m_answer.add("\n"));
  }
  return !m_context.stop.is_stopping();
}

Result<Report> RowPrinter::finish(ExitCode code) {
  const Settings& settings = m_context.settings;
  if (m_context.stop.is_stopping()) code = ExitCode::interrupted;
  if (settings.count) {
    return Report{fmt::format("{}\n", m_count), fmt::format(R"({{"command":"{}","count":{}}})", m_what, m_count), code};
  }
  if (settings.json) DBR_CHECK(m_answer.add(m_count == 0 ? head() + "]}" : "]}"));
  return m_answer.finish(code);
}

std::string RowPrinter::head() const {
  return fmt::format(R"({{"command":"{0}","{0}":[)", m_what);
}

}  // namespace dbr::stages
