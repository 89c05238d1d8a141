// SPDX-License-Identifier: MIT
// What the commands over .torrent files share.
#pragma once

#include <string>
#include <string_view>

#include "support.hpp"

namespace dbr::stages {

/// A .torrent that cannot be used is said on stderr at once; the others are looked at all the same. Its exit code.
ExitCode report_bad_torrent(const Error& error);
/// The same in a report for scripts, in the place of what the file would have given.
Json json_of_bad_torrent(std::string_view file, const Error& error);

/// Names of files may hold any bytes, JSON only Unicode.
std::string dump(const Json& json);

}  // namespace dbr::stages
