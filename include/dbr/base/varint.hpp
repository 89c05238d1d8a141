// SPDX-License-Identifier: MIT
// Numbers as bytes of seven bits, least significant first: small ones are short.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbr {

inline void put_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

/// Takes the first number off `bytes`; one that is cut short counts as it stands.
inline std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto next = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) break;
  }
  return number;
}

}  // namespace dbr
