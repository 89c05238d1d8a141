// SPDX-License-Identifier: MIT
// Rows to stdout: one JSON object a line, or with --json one document, or only IDs, or only their number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dbr/stages/command.hpp"
#include "long_answer.hpp"

namespace dbr::stages {

class RowPrinter {
 public:
  /// `what` names the rows in the document: "posts".
  RowPrinter(const Context& context, std::string_view what);
  /// False when the user wants no more.
  Result<bool> add(std::int64_t id, std::string_view json);
  std::int64_t count() const { return m_count; }
  Result<Report> finish(ExitCode code);

 private:
  std::string head() const;

  const Context& m_context;
  std::string m_what;
  LongAnswer m_answer;
  std::int64_t m_count = 0;
};

}  // namespace dbr::stages
