// SPDX-License-Identifier: MIT
// The site's tables as relational columns: which JSON field goes into which column, and as what type. The field names
// are the site's own (API contract, sections 3.1 and 5).
#pragma once

#include <span>

#include "column_values.hpp"
#include "dbr/metadata/record.hpp"

namespace dbr::exports {

/// Without `id`, which every table has as its key.
std::span<const Column> post_columns();
/// The same for the other tables; empty for tags, which are counted anew.
std::span<const Column> columns_of(metadata::Table table);

}  // namespace dbr::exports
