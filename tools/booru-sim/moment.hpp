// SPDX-License-Identifier: MIT
// The site's clock: microseconds in the database, milliseconds with a zone offset on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbr::sim {

/// Microseconds since 1970 in UTC.
using Moment = std::int64_t;

constexpr Moment k_second = 1'000'000;
constexpr Moment k_day = 86'400 * k_second;

/// ISO 8601 as in dbr/base/time.hpp; without an offset it is UTC.
std::optional<Moment> parse_moment(std::string_view text);

/// For literals: throws when it is not a moment.
Moment moment(std::string_view text);

/// "2017-12-31T18:59:59.999-05:00": what an anonymous visitor is shown, daylight saving included.
std::string in_eastern_time(Moment moment);

/// "2017-12-31T23:59:59.999Z": what a user whose account says UTC is shown.
std::string in_utc(Moment moment);

/// "Sun, 31 Dec 2017 23:59:59 GMT", as HTTP headers have it.
std::string in_http_date(Moment moment);

Moment now();

}  // namespace dbr::sim
