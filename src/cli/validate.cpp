// SPDX-License-Identifier: MIT
#include "validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dbr/base/text.hpp"
#include "dbr/http/url.hpp"

namespace dbr::cli {
namespace {

constexpr std::string_view k_lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view k_upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view k_digits = "0123456789";

bool consists_of(std::string_view text, std::initializer_list<std::string_view> alphabets) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::any_of(alphabets.begin(), alphabets.end(),
                       [c](std::string_view alphabet) { return alphabet.find(c) != std::string_view::npos; });
  });
}

}  // namespace

bool set_switch(std::string_view text, bool& target) {
  static constexpr std::array<std::string_view, 4> k_on = {"true", "yes", "on", "1"};
  static constexpr std::array<std::string_view, 4> k_off = {"false", "no", "off", "0"};
  const bool is_on = std::find(k_on.begin(), k_on.end(), text) != k_on.end();
  if (!is_on && std::find(k_off.begin(), k_off.end(), text) == k_off.end()) return false;
  target = is_on;
  return true;
}

bool is_one_line(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  }) && is_utf8(text);
}

bool set_line(std::string_view text, std::size_t longest, std::string& target) {
  if (!is_one_line(text, longest)) return false;
  target = text;
  return true;
}

bool is_web_url(std::string_view text) {
  return is_one_line(text, 2000) && http::parse_url(text).has_value();
}

std::optional<std::string> parse_host(std::string_view text) {
  if (text.empty() || text.size() > 253 || !consists_of(text, {k_lower, k_upper, k_digits, ".-:"})) return std::nullopt;
  // In brackets a colon is part of an IPv6 address or an error, but never the beginning of a port.
  const bool has_colon = text.find(':') != std::string_view::npos;
  const auto url = http::parse_url(has_colon ? fmt::format("http://[{}]/", text) : fmt::format("http://{}/", text));
  return url ? std::optional(url->host) : std::nullopt;
}

bool is_release_name(std::string_view text) {
  return !text.empty() && text.size() <= 100 && text.front() != '.' &&
         consists_of(text, {k_lower, k_upper, k_digits, "._-"});
}

bool append_list(std::string_view text, bool (*is_valid)(std::string_view), std::vector<std::string>& target) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!is_valid(text.substr(0, comma))) return false;
    parts.emplace_back(text.substr(0, comma));
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  target.insert(target.end(), parts.begin(), parts.end());
  return true;
}

}  // namespace dbr::cli
