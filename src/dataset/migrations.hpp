// SPDX-License-Identifier: MIT
// Numbered migrations of the manifest. user_version counts those applied.
#pragma once

#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Brings a manifest (or an empty file) to the newest schema, one transaction a step.
Result<void> migrate(sql::Database& database);

/// Kind schema when the file is no manifest, or one that a newer dbr made.
Result<void> check_schema(sql::Database& database, std::string_view path);

}  // namespace dbr::dataset
