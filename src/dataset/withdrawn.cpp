// SPDX-License-Identifier: MIT
#include "withdrawn.hpp"

#include "dbr/dataset/release.hpp"

namespace dbr::dataset {
namespace {

// Published last and not placed now. A row was published when a draft has put something else into its place, which it
// remembers, or when its edition is no edition to come. Nothing but its own row can have its path.
#define DBR_LEAVING                                                                                    \
  "SELECT series, post_id, coalesce(last_path, path) AS path FROM placement "                          \
  "WHERE (last_edition IS NOT NULL OR edition <= (SELECT coalesce(max(number), 0) FROM publication)) " \
  "AND (is_placed = 0 OR last_path <> path)"

}  // namespace

Result<void> keep_withdrawn(sql::Database& database) {
  return database.execute("INSERT OR IGNORE INTO withdrawn " DBR_LEAVING);
}

Result<void> for_each_removed(sql::Database& database, const std::function<Result<void>(std::string_view)>& on_path) {
  DBR_TRY(auto select, database.prepare("SELECT path FROM (SELECT series, post_id, path FROM withdrawn "
                                        "UNION " DBR_LEAVING ") AS gone WHERE NOT EXISTS (SELECT 1 FROM placed WHERE "
                                        "placed.series = gone.series AND placed.post_id = gone.post_id "
                                        "AND placed.path = gone.path) ORDER BY path"));
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_CHECK(on_path(select.text(0)));
  }
}

}  // namespace dbr::dataset
