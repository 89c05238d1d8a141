// SPDX-License-Identifier: MIT
// Where a client keeps what it downloaded: DIR/NAME, of which people may name either.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "dbr/base/result.hpp"

namespace dbr::stages {

/// DIR/NAME; DIR itself when there is no such folder and DIR is called NAME. Kind usage when there is neither.
Result<std::filesystem::path> find_saved_folder(const std::filesystem::path& dir, std::string_view name);

}  // namespace dbr::stages
