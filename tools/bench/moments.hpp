// SPDX-License-Identifier: MIT
// Moments are microseconds since 1970 UTC; 0 is "never". As the site and its copies write them.
#pragma once

#include <cstdint>

namespace dbr::bench {

class Out;

using Moment = std::int64_t;
constexpr Moment k_second = 1'000'000, k_hour = 3600 * k_second, k_day = 86'400 * k_second;

/// `2008-06-10 03:08:07.34205 UTC`: no more decimals than needed; never is the epoch.
struct Utc {
  Moment moment;
};
void put(Out& out, Utc text);

/// `2025-09-15T19:27:31.639-04:00`: New York's clock, milliseconds.
struct Eastern {
  Moment moment;
};
void put(Out& out, Eastern text);

/// `2025/09/15/19/27/31`, as in pixiv's URLs: 19 characters.
void put_slashed(Moment moment, char* at);

/// Midnight UTC.
Moment moment_of(int year, unsigned month, unsigned day);

}  // namespace dbr::bench
