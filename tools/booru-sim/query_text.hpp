// SPDX-License-Identifier: MIT
// The query part of a URL: names and values in order, percent signs decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbr::sim {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters parse_query(std::string_view text);
std::string percent_encode(std::string_view text);

/// Nothing when it is not there; the last one when it is there twice, as in Rails.
std::optional<std::string> parameter(const Parameters& parameters, std::string_view name);

std::vector<std::string> split(std::string_view text, char separator);
std::string lower_case(std::string_view text);
/// A whole number and nothing else.
std::optional<std::int64_t> parse_number(std::string_view text);
/// `*` stands for any text; letters compare without case.
bool matches_wildcard(std::string_view text, std::string_view pattern);

}  // namespace dbr::sim
