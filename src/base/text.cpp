// SPDX-License-Identifier: MIT
#include "dbr/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dbr {
namespace {

// Bytes at the front of `text` that are to be replaced; 0 for none.
std::size_t steering_bytes(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;
  // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
  if (byte(0) != 0xe2) return 0;
  const bool is_mark = byte(1) == 0x80 && (byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae));
  const bool is_isolate = byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
  return is_mark || is_isolate ? 3 : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t steering = steering_bytes(text);
    out += steering == 0 ? text.front() : '?';
    text.remove_prefix(std::max<std::size_t>(steering, 1));
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80) --most;
  return std::string(text.substr(0, most)) + "...";
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view k_plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~";
  std::string encoded;
  for (const char c : text) {
    if (k_plain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      // Dots too: "." and ".." are not to be taken for steps of a path.
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace dbr
