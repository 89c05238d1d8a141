// SPDX-License-Identifier: MIT
// Moments in the three spellings of the site and its dumps (API contract, sections 3.1 and 6.2).
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iterator>

#include "packed_bytes.hpp"

namespace dbr::metadata {
namespace {

using std::chrono::sys_days;

// Reads fixed places of a text; is_wrong() after a place that is not as it must be.
class Places {
 public:
  explicit Places(std::string_view text) : m_text(text) {}

  std::int64_t digits(std::size_t at, std::size_t count, std::int64_t below) {
    std::int64_t number = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      const unsigned digit = static_cast<unsigned char>(m_text[i]) - unsigned{'0'};
      m_is_wrong = m_is_wrong || digit > 9;
      number = number * 10 + digit;
    }
    m_is_wrong = m_is_wrong || number >= below;
    return number;
  }
  void expect(std::size_t at, char c) { m_is_wrong = m_is_wrong || m_text[at] != c; }
  bool is_wrong() const { return m_is_wrong; }

  // "YYYY-MM-DD?HH:MM:SS" at the beginning; seconds since 1970.
  std::int64_t seconds(char between) {
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(digits(0, 4, 10'000))),
                                           std::chrono::month(static_cast<unsigned>(digits(5, 2, 13))),
                                           std::chrono::day(static_cast<unsigned>(digits(8, 2, 32))));
    expect(4, '-');
    expect(7, '-');
    expect(10, between);
    expect(13, ':');
    expect(16, ':');
    const std::int64_t of_day = digits(11, 2, 24) * 3600 + digits(14, 2, 60) * 60 + digits(17, 2, 60);
    m_is_wrong = m_is_wrong || !date.ok();
    return m_is_wrong ? 0 : sys_days(date).time_since_epoch().count() * std::int64_t{86'400} + of_day;
  }

 private:
  std::string_view m_text;
  bool m_is_wrong = false;
};

constexpr std::size_t k_to_seconds = 19;  // "YYYY-MM-DDTHH:MM:SS"
constexpr std::size_t k_to_milliseconds = 23;

std::int64_t floor_div(std::int64_t number, std::int64_t by) {
  return number / by - (number % by < 0 ? 1 : 0);
}

std::optional<std::int64_t> parse_local(Places& places) {
  const std::int64_t seconds = places.seconds('T');
  places.expect(k_to_seconds, '.');
  const std::int64_t milliseconds = places.digits(k_to_seconds + 1, 3, 1000);
  if (places.is_wrong()) return std::nullopt;
  return seconds * 1000 + milliseconds;
}

void append_seconds(std::string& out, std::int64_t seconds, char between) {
  const std::int64_t days = floor_div(seconds, 86'400);
  const std::int64_t of_day = seconds - days * 86'400;
  const std::chrono::year_month_day date{sys_days(std::chrono::days(days))};
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), between, of_day / 3600,
                 of_day / 60 % 60, of_day % 60);
}

void append_local(std::string& out, std::int64_t milliseconds) {
  const std::int64_t seconds = floor_div(milliseconds, 1000);
  append_seconds(out, seconds, 'T');
  fmt::format_to(std::back_inserter(out), ".{:03}", milliseconds - seconds * 1000);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  if (text.size() != k_to_milliseconds + 6) return std::nullopt;
  Places places(text);
  const auto local = parse_local(places);
  const char sign = text[k_to_milliseconds];
  const std::int64_t hours = places.digits(k_to_milliseconds + 1, 2, 16);
  places.expect(k_to_milliseconds + 3, ':');
  const std::int64_t minutes = places.digits(k_to_milliseconds + 4, 2, 60);
  if (!local || places.is_wrong() || (sign != '+' && sign != '-') || minutes % 15 != 0) return std::nullopt;
  const int quarters = static_cast<int>(hours * 4 + minutes / 15) * (sign == '-' ? -1 : 1);
  if (sign == '-' && quarters == 0) return std::nullopt;
  return Moment{*local - quarters * std::int64_t{900'000}, quarters};
}

std::optional<std::int64_t> parse_zulu(std::string_view text) {
  if (text.size() != k_to_milliseconds + 1 || text.back() != 'Z') return std::nullopt;
  Places places(text);
  return parse_local(places);
}

std::optional<std::int64_t> parse_utc_text(std::string_view text) {
  constexpr std::string_view k_end = " UTC";
  if (text.size() < k_to_seconds + k_end.size() || !text.ends_with(k_end)) return std::nullopt;
  Places places(text);
  const std::int64_t seconds = places.seconds(' ');
  const std::size_t decimals = text.size() - k_end.size() - k_to_seconds;
  std::int64_t micros = 0;
  if (decimals != 0) {
    // A dot and one to six digits, the last of them not 0.
    if (decimals < 2 || decimals > 7 || text[k_to_seconds + decimals - 1] == '0') return std::nullopt;
    places.expect(k_to_seconds, '.');
    micros = places.digits(k_to_seconds + 1, decimals - 1, 1'000'000);
    for (std::size_t i = decimals; i < 7; ++i) micros *= 10;
  }
  if (places.is_wrong()) return std::nullopt;
  return seconds * 1'000'000 + micros;
}

void append_moment(std::string& out, const Moment& moment) {
  append_local(out, moment.milliseconds + moment.quarters * std::int64_t{900'000});
  const int size = std::abs(moment.quarters);
  fmt::format_to(std::back_inserter(out), "{}{:02}:{:02}", moment.quarters < 0 ? '-' : '+', size / 4, size % 4 * 15);
}

void append_zulu(std::string& out, std::int64_t milliseconds) {
  append_local(out, milliseconds);
  out += 'Z';
}

void append_utc_text(std::string& out, std::int64_t microseconds) {
  const std::int64_t seconds = floor_div(microseconds, 1'000'000);
  append_seconds(out, seconds, ' ');
  if (const std::int64_t micros = microseconds - seconds * 1'000'000; micros != 0) {
    fmt::format_to(std::back_inserter(out), ".{:06}", micros);
    while (out.back() == '0') out.pop_back();
  }
  out += " UTC";
}

}  // namespace dbr::metadata
