// SPDX-License-Identifier: MIT
#include "value_range.hpp"

#include <algorithm>
#include <limits>

#include "moment.hpp"
#include "query_text.hpp"

namespace dbr::sim {

namespace {

constexpr std::int64_t k_lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t k_highest = std::numeric_limits<std::int64_t>::max();

/// "3d", "1w", a bare number of seconds: an age, which the site tries before it thinks of a date.
std::optional<Moment> parse_age(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_number(text.substr(0, digits));
  if (!count || digits > 12) return std::nullopt;
  const std::string unit = lower_case(text.substr(digits));
  if (unit.empty() || unit == "s") return *count * k_second;
  if (unit == "mi" || unit == "min") return *count * 60 * k_second;
  if (unit == "h") return *count * 3600 * k_second;
  if (unit == "d") return *count * k_day;
  if (unit == "w") return *count * 7 * k_day;
  if (unit == "mo") return *count * 30 * k_day;
  if (unit == "y") return *count * 365 * k_day;
  return std::nullopt;
}

bool is_age(std::string_view text) {
  const auto value = text.find_first_not_of("<>=");
  return value != std::string_view::npos && parse_age(text.substr(value)).has_value();
}

}  // namespace

std::optional<ValueRange::Interval> ValueRange::parse_interval(std::string_view text, const Reader& read) {
  const auto after = [&](std::size_t prefix) { return read(text.substr(prefix)); };
  if (text.starts_with(">=")) {
    if (const auto value = after(2)) return Interval{value->low, k_highest};
  } else if (text.starts_with("<=")) {
    if (const auto value = after(2)) return Interval{k_lowest, value->high};
  } else if (text.starts_with(">")) {
    if (const auto value = after(1)) return Interval{value->high + 1, k_highest};
  } else if (text.starts_with("<")) {
    if (const auto value = after(1)) return Interval{k_lowest, value->low - 1};
  } else if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const bool excludes_end = text.substr(dots).starts_with("...");
    const auto left = text.substr(0, dots);
    const auto right = text.substr(dots + (excludes_end ? 3 : 2));
    const auto low = left.empty() ? Interval{k_lowest, k_lowest} : read(left);
    const auto high = right.empty() ? Interval{k_highest, k_highest} : read(right);
    if (low && high) return Interval{low->low, excludes_end ? high->low - 1 : high->high};
  } else {
    return read(text);
  }
  return std::nullopt;
}

ValueRange ValueRange::parse(std::string_view text, const Reader& read) {
  ValueRange range;
  if (text == "none") {
    range.m_none = true;
  } else if (text == "any") {
    range.m_intervals.push_back({k_lowest, k_highest});
  } else {
    const auto parts = split(text, ',');
    for (const auto& part : parts) {
      const auto interval = parse_interval(part, read);
      if (!interval) continue;
      range.m_intervals.push_back(*interval);
      if (parts.size() > 1) range.m_listed.push_back(interval->low);
    }
    std::sort(range.m_intervals.begin(), range.m_intervals.end(),
              [](const Interval& a, const Interval& b) { return a.low < b.low; });
  }
  return range;
}

ValueRange ValueRange::of_numbers(std::string_view text) {
  return parse(text, [](std::string_view value) -> std::optional<Interval> {
    const auto number = parse_number(value);
    return number ? std::optional(Interval{*number, *number}) : std::nullopt;
  });
}

ValueRange ValueRange::of_moments(std::string_view text) {
  if (is_age(text)) {
    // "<1w" is younger than a week: after a moment, not before it.
    std::string inverted(text);
    std::replace_if(
        inverted.begin(), inverted.end(), [](char c) { return c == '<' || c == '>'; }, text.front() == '<' ? '>' : '<');
    const Moment present = now();
    return parse(inverted, [present](std::string_view value) -> std::optional<Interval> {
      const auto age = parse_age(value);
      return age ? std::optional(Interval{present - *age, present - *age}) : std::nullopt;
    });
  }
  return parse(text, [](std::string_view value) -> std::optional<Interval> {
    const auto parsed = parse_moment(value);
    // A date stands for its whole day when it is the end of a range.
    const bool is_date = value.size() == 10;
    return parsed ? std::optional(Interval{*parsed, is_date ? *parsed + k_day - 1 : *parsed}) : std::nullopt;
  });
}

bool ValueRange::contains(std::optional<std::int64_t> value) const {
  if (!value) return m_none;
  auto after = std::upper_bound(m_intervals.begin(), m_intervals.end(), *value,
                                [](std::int64_t v, const Interval& interval) { return v < interval.low; });
  return std::any_of(m_intervals.begin(), after, [&](const Interval& interval) { return *value <= interval.high; });
}

std::int64_t ValueRange::lowest() const {
  return m_intervals.empty() ? k_highest : m_intervals.front().low;
}

std::int64_t ValueRange::highest() const {
  std::int64_t highest = k_lowest;
  for (const auto& interval : m_intervals) highest = std::max(highest, interval.high);
  return highest;
}

}  // namespace dbr::sim
