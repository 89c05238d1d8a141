// SPDX-License-Identifier: MIT
// One way to read JSON from outside: no exceptions, and no nesting deep enough to exhaust the stack later on.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace dbr::metadata {

/// Keeps the order of keys. Discarded (is_discarded()) when it is not JSON or nested deeper than 64.
inline nlohmann::ordered_json parse_json(std::string_view text) {
  constexpr int k_deepest = 64;
  int depth = 0;
  bool is_in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_in_string) {
      if (c == '\\') ++at;
      if (c == '"') is_in_string = false;
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > k_deepest) return nlohmann::ordered_json(nlohmann::json::value_t::discarded);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return nlohmann::ordered_json::parse(text, nullptr, false);
}

}  // namespace dbr::metadata
