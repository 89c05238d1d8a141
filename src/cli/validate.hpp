// SPDX-License-Identifier: MIT
// Checks of option texts: each stores a value and says true, or says false and leaves everything as it was.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "dbr/base/ids.hpp"

namespace dbr::cli {

/// A decimal number from `low` to `high` that is all of `text`.
template <class Integer>
bool set_whole(std::string_view text, Integer low, Integer high, std::optional<Integer>& target) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) return false;
  target = value;
  return true;
}

/// true, yes, on, 1 or false, no, off, 0.
bool set_switch(std::string_view text, bool& target);

/// One line of UTF-8, of 1 to `longest` bytes, none of them a control character: what goes into torrents, headers and
/// JSON has to be text for whoever reads it.
bool is_one_line(std::string_view text, std::size_t longest);
bool set_line(std::string_view text, std::size_t longest, std::string& target);

/// An absolute http or https URL without user information.
bool is_web_url(std::string_view text);
/// A host as it is in http::Url: lower case, an IPv6 address without brackets. nullopt for anything more than a host.
std::optional<std::string> parse_host(std::string_view text);
/// What a release may be called: a safe folder name.
bool is_release_name(std::string_view text);

/// Appends the parts of a comma list when each passes `is_valid`.
bool append_list(std::string_view text, bool (*is_valid)(std::string_view), std::vector<std::string>& target);

}  // namespace dbr::cli
