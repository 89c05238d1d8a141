// SPDX-License-Identifier: MIT
// Numbers as people write and read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/base/ids.hpp"

namespace dbr {

/// "5M", "1.5G", "800k", "12345": powers of 1000 as k, M, G, T, as disks and networks are sold; of 1024 as Ki, Mi, Gi,
/// Ti. An optional "B" may follow.
std::optional<ByteCount> parse_bytes(std::string_view text);

/// "12.3 MB": powers of 1000.
std::string format_bytes(ByteCount bytes);

/// "90s", "15m", "8h", "2d"; a bare number is seconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "1 h 02 min", "3 min 20 s", "4.2 s".
std::string format_duration(std::chrono::milliseconds duration);

/// "1,234,567".
std::string format_count(std::int64_t count);

}  // namespace dbr
