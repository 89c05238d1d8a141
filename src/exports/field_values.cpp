// SPDX-License-Identifier: MIT
#include "field_values.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "dbr/base/time.hpp"

namespace dbr::exports {
namespace {

// Below it every number is a whole number's neighbour.
constexpr double k_largest_fraction = 9e15;

}  // namespace

std::optional<std::int64_t> number_in(const Json& row, const char* key) {
  const auto field = row.find(key);
  if (field == row.end()) return std::nullopt;
  if (field->is_number_unsigned() && field->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return {};
  if (field->is_number_integer()) return field->get<std::int64_t>();
  if (field->is_number()) {
    const auto number = field->get<double>();
    return std::abs(number) < k_largest_fraction ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
  }
  if (!field->is_string()) return std::nullopt;
  const auto& text = field->get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> reference_in(const Json& row, const char* key) {
  const auto number = number_in(row, key);
  return number == 0 ? std::nullopt : number;
}

std::string text_in(const Json& row, const char* key) {
  const auto field = row.find(key);
  return field != row.end() && field->is_string() ? field->get<std::string>() : std::string();
}

bool flag_in(const Json& row, const char* key) {
  const auto field = row.find(key);
  if (field == row.end()) return false;
  if (field->is_boolean()) return field->get<bool>();
  return text_in(row, key) == "true" || number_in(row, key).value_or(0) != 0;
}

std::string time_in(const Json& row, const char* key) {
  std::string text = text_in(row, key);
  const auto moment = parse_timestamp(text);
  return moment ? format_timestamp(*moment) : text;
}

}  // namespace dbr::exports
