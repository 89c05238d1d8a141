// SPDX-License-Identifier: MIT
#include "dbr/dataset/status.hpp"

#include "dbr/dataset/states.hpp"
#include "dbr/metadata/post.hpp"

namespace dbr::dataset {
namespace {

Result<void> count(sql::Database& database, std::string_view sql, std::string_view (*name)(std::int64_t),
                   StageCounts& counts) {
  DBR_TRY(auto select, database.prepare(sql));
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    const std::string state(name(select.integer(0)));
    counts.states[state] += select.integer(2);
    if (!select.is_null(1)) counts.reasons[state][std::string(select.text(1))] += select.integer(2);
  }
}

}  // namespace

Result<Status> read_status(sql::Database& database) {
  // One snapshot, so that the stages agree even while a writer goes on.
  DBR_CHECK(database.execute("BEGIN"));
  Status status;
  DBR_TRY(const auto ids, database.integer("SELECT count(*) FROM post"));
  status.ids = ids.value_or(0);
  DBR_CHECK(count(
      database, "SELECT state, NULL, count(*) FROM post GROUP BY state",
      [](std::int64_t state) { return metadata::to_string(static_cast<metadata::PostState>(state)); },
      status.metadata));
  DBR_CHECK(count(
      database,
      "SELECT p.original, o.reason, count(*) FROM post p LEFT JOIN original o ON o.post_id = p.id GROUP BY 1, 2",
      [](std::int64_t state) { return to_string(static_cast<OriginalState>(state)); }, status.originals));
  DBR_CHECK(count(
      database,
      "SELECT coalesce(m.state, iif(p.original = 0, 0, 5)), m.reason, count(*) FROM post p "
      "LEFT JOIN ml m ON m.post_id = p.id GROUP BY 1, 2",
      [](std::int64_t state) { return to_string(static_cast<MlState>(state)); }, status.ml_forms));
  DBR_CHECK(count(
      database, "SELECT series, NULL, count(*) FROM placed WHERE series IN (0, 2) GROUP BY series",
      [](std::int64_t series) { return series == 0 ? std::string_view("sfw") : std::string_view("nsfw"); },
      status.placement));
  status.placement.states["not_placed"] = status.ids - status.placement.states["sfw"] - status.placement.states["nsfw"];
  DBR_TRY(auto optimized,
          database.prepare("SELECT count(*), coalesce(sum(o.source_size - o.size), 0) FROM original o "
                           "CROSS JOIN post p ON p.id = o.post_id WHERE o.source_size IS NOT NULL AND p.original = 1"));
  DBR_TRY(const bool is_row, optimized.step());
  if (is_row) {
    status.optimized = optimized.integer(0);
    status.saved = optimized.integer(1);
  }
  optimized.reset();
  DBR_CHECK(database.execute("COMMIT"));
  return status;
}

}  // namespace dbr::dataset
