// SPDX-License-Identifier: MIT
#include "field_values.hpp"

#include "dbr/base/time.hpp"

namespace dbr::exports {

std::optional<std::int64_t> number_in(const Json& row, std::string_view key) {
  const auto field = row.find(key);
  return field == row.end() ? std::nullopt : whole_number(*field);
}

std::optional<std::int64_t> reference_in(const Json& row, std::string_view key) {
  const auto number = number_in(row, key);
  return number == 0 ? std::nullopt : number;
}

std::string_view text_in(const Json& row, std::string_view key) {
  const auto field = row.find(key);
  return field != row.end() && field->is_string() ? std::string_view(field->get_ref<const std::string&>())
                                                  : std::string_view();
}

bool flag_in(const Json& row, std::string_view key) {
  const auto field = row.find(key);
  if (field == row.end()) return false;
  if (field->is_boolean()) return field->get<bool>();
  return text_in(row, key) == "true" || number_in(row, key).value_or(0) != 0;
}

std::string time_in(const Json& row, std::string_view key) {
  const std::string_view text = text_in(row, key);
  const auto moment = parse_timestamp(text);
  return moment ? format_timestamp(*moment) : std::string(text);
}

}  // namespace dbr::exports
