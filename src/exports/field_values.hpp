// SPDX-License-Identifier: MIT
// A record's fields for readers that want one type in every row, whatever era wrote the record: old dumps have texts of
// numbers, and 0 or "" for nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "release_rows.hpp"

namespace dbr::exports {

/// A whole_number(); nullopt for null, absent and anything else.
std::optional<std::int64_t> number_in(const Json& row, std::string_view key);
/// The same; nullopt for 0, too: the number of another row, where 0 means none.
std::optional<std::int64_t> reference_in(const Json& row, std::string_view key);
/// Of the row's own memory; empty when there is none.
std::string_view text_in(const Json& row, std::string_view key);
/// False for null and absent.
bool flag_in(const Json& row, std::string_view key);
/// A time as ISO 8601 in UTC; what is no time is kept as it came.
std::string time_in(const Json& row, std::string_view key);

}  // namespace dbr::exports
