// SPDX-License-Identifier: MIT
// The rows of the relational tables, streamed once over the release in an order that only depends on its content.
#pragma once

#include <span>
#include <string_view>

#include "dbr/exports/format.hpp"
#include "relational_schema.hpp"

namespace dbr::exports {

class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// One value a column, in the table's order; valid during the call.
  virtual Result<void> insert(Relation table, std::span<const Value> row) = 0;
};

/// `file` is what errors and interruptions name. Rows of one table come in the order of its key; those of `tags` after
/// the rows that reference them, for only then are they counted.
Result<void> write_relational_rows(const Context& context, std::string_view file, RowWriter& writer);

}  // namespace dbr::exports
