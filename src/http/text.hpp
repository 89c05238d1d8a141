// SPDX-License-Identifier: MIT
// ASCII only, whatever the locale: names in HTTP and URLs are.
#pragma once

#include <string>
#include <string_view>

namespace dbr::http {

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace dbr::http
