// SPDX-License-Identifier: MIT
// Numbers the manifest remembers by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

Result<std::optional<std::int64_t>> setting(sql::Database& database, std::string_view key);
Result<void> set_setting(sql::Database& database, std::string_view key, std::int64_t value);

}  // namespace dbr::dataset
