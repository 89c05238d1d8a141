// SPDX-License-Identifier: MIT
#include "dbr/base/time.hpp"

#include <fmt/format.h>

namespace dbr {
namespace {

// A cursor over the text that yields fixed-width numbers and expected characters.
struct Reader {
  std::string_view rest;

  bool number(std::size_t digits, int& value) {
    if (rest.size() < digits) return false;
    value = 0;
    for (const char c : rest.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest.remove_prefix(digits);
    return true;
  }

  bool literal(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }

  // ".34205" -> 342; nothing -> 0.
  bool fraction(int& milliseconds) {
    milliseconds = 0;
    if (!literal(".")) return true;
    int weight = 100;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      milliseconds += (rest[digits] - '0') * weight;
      weight /= 10;
    }
    rest.remove_prefix(digits);
    return digits > 0 && digits <= 9;
  }

  // "Z", " UTC", "+09:00", "-05:00".
  bool zone(std::chrono::minutes& offset) {
    offset = {};
    if (literal("Z") || literal(" UTC")) return true;
    const bool is_west = rest.starts_with('-');
    if (!literal("+") && !literal("-")) return false;
    int hours = 0, minutes = 0;
    if (!number(2, hours) || !literal(":") || !number(2, minutes) || hours > 14 || minutes > 59) return false;
    offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (is_west) offset = -offset;
    return true;
  }
};

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader reader{text};
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milliseconds = 0;
  std::chrono::minutes offset{};
  if (!reader.number(4, year) || !reader.literal("-") || !reader.number(2, month) || !reader.literal("-") ||
      !reader.number(2, day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  if (!reader.rest.empty()) {
    if (!reader.literal("T") && !reader.literal(" ")) return std::nullopt;
    if (!reader.number(2, hour) || !reader.literal(":") || !reader.number(2, minute)) return std::nullopt;
    if (!reader.literal(":") || !reader.number(2, second)) return std::nullopt;
    if (!reader.fraction(milliseconds) || !reader.zone(offset) || !reader.rest.empty()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  }
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + std::chrono::milliseconds(milliseconds) - offset;
}

std::string format_date(Timestamp moment) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_timestamp(Timestamp moment) {
  const std::chrono::hh_mm_ss time(moment - std::chrono::floor<std::chrono::days>(moment));
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", format_date(moment), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count());
}

Timestamp start_of_year(int year) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::January / 1);
}

Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace dbr
