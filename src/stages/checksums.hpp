// SPDX-License-Identifier: MIT
// SHA256SUMS of a release's metadata folder, in the form `sha256sum -c` reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dbr/base/result.hpp"

namespace dbr::stages {

inline constexpr std::string_view k_checksums_name = "SHA256SUMS";

/// The folder's regular files by name, sorted, part files left out.
Result<std::vector<std::string>> list_folder(const std::filesystem::path& folder);

/// Covers every file but itself.
Result<void> write_checksums(const std::filesystem::path& folder);

/// Names of files that are missing, differ, or are not listed. Empty when all is well.
Result<std::vector<std::string>> check_checksums(const std::filesystem::path& folder);

}  // namespace dbr::stages
