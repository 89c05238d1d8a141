// SPDX-License-Identifier: MIT
// Files that were published once and no longer are.
#pragma once

#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Remembers what the last publication had and the one that is being made has not. Before it gets its number, in the
/// caller's transaction.
Result<void> keep_withdrawn(sql::Database& database);

}  // namespace dbr::dataset
