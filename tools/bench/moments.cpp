// SPDX-License-Identifier: MIT
#include "moments.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "out.hpp"

namespace dbr::bench {
namespace {

constexpr int k_first_year = 1970, k_last_year = 2037;

/// "1970-01-01" and so on, day by day: rendering a date would cost more than the rest of a row's numbers.
const std::vector<std::array<char, 10>>& dates() {
  static const auto made = [] {
    std::vector<std::array<char, 10>> days;
    for (auto day = std::chrono::sys_days{};; day += std::chrono::days(1)) {
      const std::chrono::year_month_day date(day);
      const int year = static_cast<int>(date.year());
      if (year > k_last_year) return days;
      const std::array numbers = {static_cast<unsigned>(year) / 100, static_cast<unsigned>(year) % 100,
                                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
      std::string text;
      for (const unsigned number : numbers) {
        text += static_cast<char>('0' + number / 10);
        text += static_cast<char>('0' + number % 10);
      }
      text.insert(6, "-").insert(4, "-");
      std::copy(text.begin(), text.end(), days.emplace_back().begin());
    }
  }();
  return made;
}

struct Summer {
  Moment begin, end;
};

/// Since 2007 from March's second Sunday to November's first, before from April's first to October's last; at two.
const std::vector<Summer>& summers() {
  static const auto made = [] {
    using namespace std::chrono;
    std::vector<Summer> years;
    for (int y = k_first_year; y <= k_last_year; ++y) {
      const sys_days begin = y >= 2007 ? sys_days(year(y) / March / Sunday[2]) : sys_days(year(y) / April / Sunday[1]);
      const sys_days end =
          y >= 2007 ? sys_days(year(y) / November / Sunday[1]) : sys_days(year(y) / October / Sunday[last]);
      years.push_back({microseconds(begin + 7h - sys_days{}).count(), microseconds(end + 6h - sys_days{}).count()});
    }
    return years;
  }();
  return made;
}

bool is_summer(Moment moment) {
  const auto year = static_cast<std::size_t>(moment / (k_day * 365 + k_day / 4));  // off only around New Year
  return moment >= summers()[year].begin && moment < summers()[year].end;
}

struct Clock {
  std::string_view date;
  std::array<char, 8> time;  // 19:27:31
  std::uint32_t micros;
};

Clock read(Moment moment, char separator) {
  const auto seconds = static_cast<std::uint32_t>(moment % k_day / k_second);
  const auto& date = dates()[static_cast<std::size_t>(moment / k_day)];
  Clock clock{{date.data(), date.size()}, {}, static_cast<std::uint32_t>(moment % k_second)};
  const std::array parts = {seconds / 3600, seconds / 60 % 60, seconds % 60};
  for (std::size_t i = 0; i < 3; ++i) {
    clock.time[i * 3] = static_cast<char>('0' + parts[i] / 10);
    clock.time[i * 3 + 1] = static_cast<char>('0' + parts[i] % 10);
    if (i < 2) clock.time[i * 3 + 2] = separator;
  }
  return clock;
}

std::string_view view(const std::array<char, 8>& time) {
  return {time.data(), time.size()};
}

void put_decimals(Out& out, std::uint32_t value, std::uint32_t highest) {
  for (; highest > 0; highest /= 10) out.add(static_cast<char>('0' + value / highest % 10));
}

}  // namespace

void put(Out& out, Utc text) {
  const Clock clock = read(text.moment, ':');
  out.add(clock.date, ' ', view(clock.time));
  if (clock.micros != 0) {
    std::uint32_t value = clock.micros, highest = 100'000;
    for (; value % 10 == 0; value /= 10) highest /= 10;
    out.add('.');
    put_decimals(out, value, highest);
  }
  out.add(" UTC");
}

void put(Out& out, Eastern text) {
  const bool summer = is_summer(text.moment);
  const Clock clock = read(text.moment - (summer ? 4 : 5) * k_hour, ':');
  out.add(clock.date, 'T', view(clock.time), '.');
  put_decimals(out, clock.micros / 1000, 100);
  out.add(summer ? "-04:00" : "-05:00");
}

void put_slashed(Moment moment, char* at) {
  const Clock clock = read(moment, '/');
  std::copy(clock.date.begin(), clock.date.end(), at);
  at[4] = at[7] = at[10] = '/';
  std::copy(clock.time.begin(), clock.time.end(), at + 11);
}

Moment moment_of(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return days.time_since_epoch().count() * k_day;
}

}  // namespace dbr::bench
