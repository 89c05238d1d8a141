// SPDX-License-Identifier: MIT
// What dbr says at its end: the report on stdout, the error on stderr, each for people or for scripts.
#pragma once

#include <ostream>
#include <string_view>

#include "dbr/base/exit_code.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/result.hpp"

namespace dbr::cli {

class Output {
 public:
  struct Settings {
    bool json = false;                           ///< stdout carries exactly one JSON document
    log::Format log_format = log::Format::text;  ///< of what goes to stderr
    bool color = false;
  };

  Output(std::ostream& out, std::ostream& err) : m_out(out), m_err(err) {}
  void configure(Settings settings) { m_settings = settings; }
  const Settings& settings() const { return m_settings; }

  /// Part of a long answer, to stdout as it is. Kind io when it did not get there.
  Result<void> print(std::string_view text);
  /// To stdout, ending with a line break. Kind io when it did not get there.
  Result<void> result(std::string_view text);
  /// To stderr, and as a document to stdout when json is asked for. Returns the kind's exit code.
  ExitCode error(const Error& error);
  /// A line to stderr that is not an error.
  void note(std::string_view message);

 private:
  void error_lines(const Error& error);
  std::ostream& m_out;
  std::ostream& m_err;
  Settings m_settings;
};

}  // namespace dbr::cli
