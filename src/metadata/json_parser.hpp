// SPDX-License-Identifier: MIT
// One way to read JSON from outside: no exceptions, no nesting deep enough to exhaust a stack, valid UTF-8 only.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <string_view>

#include "dbr/base/result.hpp"

namespace dbr::metadata {

/// What it parsed is valid until the next parse. For one thread.
class JsonParser {
 public:
  // A failure shows at the first parse.
  JsonParser() { [[maybe_unused]] const auto error = m_parser.allocate(k_first_capacity, k_deepest); }

  /// Kind corrupt when the text is no JSON, or nested too deep.
  Result<simdjson::dom::element> parse(std::string_view text) {
    return check(m_parser.parse(text.data(), text.size()));
  }
  /// The same for a text with simdjson::SIMDJSON_PADDING readable bytes behind it: spares a copy.
  Result<simdjson::dom::element> parse_padded(std::string_view text) {
    return check(m_parser.parse(text.data(), text.size(), false));
  }
  Result<simdjson::dom::object> parse_object(std::string_view text) {
    DBR_TRY(const auto value, parse(text));
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return fail(ErrorKind::corrupt, "no JSON object");
    return object;
  }

 private:
  static constexpr std::size_t k_first_capacity = 16 * 1024;
  static constexpr std::size_t k_deepest = 64;

  static Result<simdjson::dom::element> check(simdjson::simdjson_result<simdjson::dom::element> parsed) {
    simdjson::dom::element value;
    const auto error = std::move(parsed).get(value);
    if (error) return fail(ErrorKind::corrupt, fmt::format("no JSON: {}", simdjson::error_message(error)));
    return value;
  }

  simdjson::dom::parser m_parser;
};

}  // namespace dbr::metadata
