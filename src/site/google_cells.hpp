// SPDX-License-Identifier: MIT
// Single values of a BigQuery table, from the text its API sends to the JSON its export writes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace dbr::site {

/// `text` is UTF-8.
void append_json_string(std::string& json, std::string_view text);

/// What is not what its type promises is appended as a string: nothing gets lost, and its reader will say more.
void append_boolean(std::string& json, std::string_view text);
void append_real(std::string& json, std::string_view text);
/// Microseconds since 1970 (useInt64Timestamp), or seconds with a point or an exponent, as
/// "2008-06-10 03:08:07.34205 UTC".
void append_timestamp(std::string& json, std::string_view text);

}  // namespace dbr::site
