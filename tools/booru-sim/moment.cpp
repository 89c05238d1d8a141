// SPDX-License-Identifier: MIT
#include "moment.hpp"

#include <fmt/chrono.h>

#include <chrono>
#include <stdexcept>

#include "dbr/base/time.hpp"

namespace dbr::sim {

using namespace std::chrono;

namespace {

sys_time<microseconds> at(Moment moment) {
  return sys_time<microseconds>(microseconds(moment));
}

/// Daylight saving in the United States: longer since 2007. Both changes happen at two o'clock local time.
bool is_daylight_saving(sys_time<microseconds> time) {
  const year_month_day date(floor<days>(time));
  const auto y = date.year();
  const bool is_long = y >= year(2007);
  const sys_days begin = is_long ? sys_days(y / March / Sunday[2]) : sys_days(y / April / Sunday[1]);
  const sys_days end = is_long ? sys_days(y / November / Sunday[1]) : sys_days(y / October / Sunday[last]);
  return time >= begin + hours(7) && time < end + hours(6);
}

std::string write(sys_time<microseconds> local, std::string_view zone) {
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(floor<milliseconds>(local - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count(), zone);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  const auto time = parse_timestamp(text);
  if (!time) return std::nullopt;
  return duration_cast<microseconds>(time->time_since_epoch()).count();
}

Moment moment(std::string_view text) {
  const auto parsed = parse_moment(text);
  if (!parsed) throw std::invalid_argument(std::string("not a moment: ").append(text));
  return *parsed;
}

std::string in_eastern_time(Moment moment) {
  const auto time = at(moment);
  return is_daylight_saving(time) ? write(time - hours(4), "-04:00") : write(time - hours(5), "-05:00");
}

std::string in_utc(Moment moment) {
  return write(at(moment), "Z");
}

std::string in_http_date(Moment moment) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(system_clock::to_time_t(time_point_cast<system_clock::duration>(at(moment)))));
}

Moment now() {
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace dbr::sim
