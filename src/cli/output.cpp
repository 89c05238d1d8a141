// SPDX-License-Identifier: MIT
#include "dbr/cli/output.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "dbr/base/text.hpp"
#include "dbr/base/time.hpp"

namespace dbr::cli {
namespace {

// Arguments and paths may hold any bytes; JSON only Unicode.
std::string line_of(const nlohmann::ordered_json& document) {
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace

Result<void> Output::result(std::string_view text) {
  return print(text.ends_with('\n') ? std::string(text) : std::string(text) + '\n');
}

Result<void> Output::print(std::string_view text) {
  m_out << text << std::flush;
  if (m_out.good()) return {};
  return fail(ErrorKind::io, "cannot write to standard output", "it is closed, or full");
}

void Output::error_lines(const Error& error) {
  if (m_settings.log_format == log::Format::json) {
    m_err << line_of({{"time", format_timestamp(now())},
                      {"level", "error"},
                      {"message", error.message},
                      {"kind", to_string(error.kind)},
                      {"hint", error.hint}});
  } else {
    m_err << (m_settings.color ? "dbr: \x1b[31merror:\x1b[0m " : "dbr: error: ") << printable_lines(error.message)
          << '\n';
    if (!error.hint.empty()) m_err << "hint: " << printable_lines(error.hint) << '\n';
  }
  m_err.flush();
}

ExitCode Output::error(const Error& error) {
  // Being interrupted is what the user asked for.
  if (error.kind != ErrorKind::cancelled) error_lines(error);
  ExitCode code = exit_code_for(error.kind);
  if (m_settings.json) {
    const nlohmann::ordered_json document = {
        {"error", {{"kind", to_string(error.kind)}, {"message", error.message}, {"hint", error.hint}}}};
    if (const auto written = result(line_of(document)); !written) {
      error_lines(written.error());
      code = most_important(code, ExitCode::io);
    }
  }
  return code;
}

void Output::note(std::string_view message) {
  if (m_settings.log_format == log::Format::json) {
    m_err << line_of({{"time", format_timestamp(now())}, {"level", "info"}, {"message", message}});
  } else {
    m_err << "dbr: " << printable_lines(message) << '\n';
  }
  m_err.flush();
}

}  // namespace dbr::cli
