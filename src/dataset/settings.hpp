// SPDX-License-Identifier: MIT
// Numbers and texts the manifest remembers by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Of the whole dataset, from its creation on: 0 or 1.
inline constexpr std::string_view k_optimize_originals = "optimize_originals";

Result<std::optional<std::int64_t>> setting(sql::Database& database, std::string_view key);
Result<void> set_setting(sql::Database& database, std::string_view key, std::int64_t value);
/// The same for texts; empty where there is none.
Result<std::string> text_setting(sql::Database& database, std::string_view key);
Result<void> set_setting(sql::Database& database, std::string_view key, std::string_view value);

}  // namespace dbr::dataset
