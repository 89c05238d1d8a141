// SPDX-License-Identifier: MIT
#include "dbr/http/range.hpp"

#include <charconv>
#include <string>

#include "text.hpp"

namespace dbr::http {
namespace {

constexpr std::string_view k_unit = "bytes ";

/// Takes digits, and nothing else that from_chars would: no sign.
std::optional<ByteCount> take_number(std::string_view& text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  ByteCount number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<ContentRange> content_range(const Head& head) {
  std::string_view text = head.header("content-range");
  if (to_lower(text.substr(0, k_unit.size())) != k_unit) return std::nullopt;
  text.remove_prefix(k_unit.size());
  const auto first = take_number(text);
  if (!first || !take(text, '-')) return std::nullopt;
  const auto last = take_number(text);
  if (!last || *last < *first || !take(text, '/')) return std::nullopt;
  if (text == "*") return ContentRange{*first, *last, std::nullopt};
  const auto total = take_number(text);
  if (!total || *total <= *last || !text.empty()) return std::nullopt;
  return ContentRange{*first, *last, total};
}

}  // namespace dbr::http
