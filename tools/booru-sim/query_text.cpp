// SPDX-License-Identifier: MIT
#include "query_text.hpp"

#include <algorithm>
#include <charconv>

namespace dbr::sim {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace

Parameters parse_query(std::string_view text) {
  Parameters parameters;
  for (const auto& part : split(text, '&')) {
    if (part.empty()) continue;
    const auto equals = std::string_view(part).find('=');
    const std::string_view value =
        equals == std::string::npos ? std::string_view() : std::string_view(part).substr(equals + 1);
    parameters.emplace_back(percent_decode(std::string_view(part).substr(0, equals)), percent_decode(value));
  }
  return parameters;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          std::string_view("-_.~").find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += "0123456789ABCDEF"[byte / 16];
      encoded += "0123456789ABCDEF"[byte % 16];
    }
  }
  return encoded;
}

std::optional<std::string> parameter(const Parameters& parameters, std::string_view name) {
  const auto found =
      std::find_if(parameters.rbegin(), parameters.rend(), [&](const auto& p) { return p.first == name; });
  if (found == parameters.rend()) return std::nullopt;
  return found->second;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool matches_wildcard(std::string_view text, std::string_view pattern) {
  const auto parts = split(lower_case(pattern), '*');
  const std::string lowered = lower_case(text);
  std::string_view rest = lowered;
  if (!rest.starts_with(parts.front())) return false;
  if (parts.size() == 1) return rest.size() == parts.front().size();
  rest.remove_prefix(parts.front().size());
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const auto found = rest.find(parts[i]);
    if (found == std::string_view::npos) return false;
    rest.remove_prefix(found + parts[i].size());
  }
  return rest.ends_with(parts.back());
}

}  // namespace dbr::sim
