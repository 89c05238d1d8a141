// SPDX-License-Identifier: MIT
// Moments as the site writes them (ISO 8601 with any zone offset) and as the manifest keeps them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dbr {

/// A moment in UTC, to the millisecond: what the site's JSON carries.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// ISO 8601: "2017-12-31T23:59:59.999-05:00", "2018-01-01T00:00:00Z", "2018-01-01" (midnight UTC); also the
/// dumps' "2008-06-10 03:08:07.34205 UTC". Digits past the millisecond are dropped. Nothing else is accepted.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// "2018-01-01T00:00:00.000Z".
std::string format_timestamp(Timestamp moment);

/// "2018-01-01".
std::string format_date(Timestamp moment);

/// Midnight UTC on the first of January.
Timestamp start_of_year(int year);

Timestamp now();

}  // namespace dbr
