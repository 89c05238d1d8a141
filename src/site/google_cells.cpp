// SPDX-License-Identifier: MIT
#include "google_cells.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace dbr::site {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::microseconds> parse_moment(std::string_view text) {
  // The years 1 to 9999, which are BigQuery's.
  constexpr std::int64_t k_first = -62'135'596'800'000'000;
  constexpr std::int64_t k_last = 253'402'300'799'999'999;
  std::optional<std::int64_t> count = parse_number<std::int64_t>(text);
  if (!count) {
    const double exact = parse_number<double>(text).value_or(std::nan("")) * 1e6;
    if (!(std::abs(exact) <= static_cast<double>(k_last))) return std::nullopt;
    count = std::llround(exact);
  }
  if (*count < k_first || *count > k_last) return std::nullopt;
  return std::chrono::microseconds(*count);
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (static_cast<unsigned char>(c) < ' ') {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_boolean(std::string& json, std::string_view text) {
  if (text == "true" || text == "false") {
    json += text;
  } else {
    append_json_string(json, text);
  }
}

void append_real(std::string& json, std::string_view text) {
  const auto number = parse_number<double>(text);
  if (number && std::isfinite(*number)) {
    json += fmt::format("{}", *number);
  } else {
    append_json_string(json, text);
  }
}

void append_timestamp(std::string& json, std::string_view text) {
  using namespace std::chrono;
  const auto moment = parse_moment(text);
  if (!moment) return append_json_string(json, text);
  const sys_time<microseconds> time(*moment);
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::string fraction;
  if (clock.subseconds().count() != 0) {
    fraction = fmt::format(".{:06}", clock.subseconds().count());
    fraction.erase(fraction.find_last_not_of('0') + 1);
  }
  json += fmt::format("\"{:04}-{:02}-{:02} {:02}:{:02}:{:02}{} UTC\"", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                      clock.minutes().count(), clock.seconds().count(), fraction);
}

}  // namespace dbr::site
