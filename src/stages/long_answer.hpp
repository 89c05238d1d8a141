// SPDX-License-Identifier: MIT
// An answer to stdout that may be too long to hold: printed in blocks while it is made.
#pragma once

#include <string>
#include <string_view>

#include "dbr/stages/command.hpp"

namespace dbr::stages {

class LongAnswer {
 public:
  explicit LongAnswer(const Context& context) : m_context(context) {}

  Result<void> add(std::string_view text) {
    m_buffer += text;
    if (m_buffer.size() < k_block) return {};
    auto printed = m_context.print(m_buffer);
    m_buffer.clear();
    return printed;
  }

  /// What is left goes into the report, as text or as the end of a JSON document.
  Report finish(ExitCode code) {
    if (m_context.settings.json) return {"", std::move(m_buffer), code};
    return {std::move(m_buffer), "", code};
  }

 private:
  static constexpr std::size_t k_block = std::size_t{64} << 10;

  const Context& m_context;
  std::string m_buffer;
};

}  // namespace dbr::stages
