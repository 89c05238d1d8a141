// SPDX-License-Identifier: MIT
// What fetch-metadata remembers between runs, so that what changed is found, nothing is asked for twice and nothing is
// forgotten: moments, the todo of the refresh, rows that could not be read, users to be looked up. The caller owns the
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/metadata/record.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Settings that hold a moment.
enum class Milestone {
  harvest_begun,    ///< the harvest under way; absent when it is complete
  sweep_begun,      ///< the same when it reads everything again
  refreshed_until,  ///< everything that changed on the site before is known, once the harvest is complete
  refresh_target,   ///< what refreshed_until becomes when the refresh under way is complete
};
Result<std::optional<Timestamp>> milestone(sql::Database& database, Milestone which);
Result<void> set_milestone(sql::Database& database, Milestone which, Timestamp moment);
Result<void> clear_milestone(sql::Database& database, Milestone which);

/// Positions (feed_position) of every feed whose name begins so: back to the beginning.
Result<void> forget_feeds(sql::Database& database, std::string_view prefix);

/// Posts the refresh has still to read again.
Result<void> add_todo(sql::Database& database, PostId id);
Result<std::vector<PostId>> next_todo(sql::Database& database, int limit);
Result<void> remove_todo(sql::Database& database, PostId id);
Result<std::int64_t> count_todo(sql::Database& database);

/// Rows the site sends that cannot be read; without a table: posts. Each run asks for them again.
using MaybeTable = std::optional<metadata::Table>;
Result<void> add_skipped(sql::Database& database, MaybeTable table, std::int64_t id, std::string_view reason);
Result<void> remove_skipped(sql::Database& database, MaybeTable table, std::int64_t id);
Result<std::vector<std::int64_t>> skipped_rows(sql::Database& database, MaybeTable table);

/// Users named by posts, not yet read.
Result<std::vector<std::int64_t>> wanted_users(sql::Database& database, int limit);
Result<void> remove_wanted_user(sql::Database& database, std::int64_t id);
/// Those that are known are wanted again.
Result<void> want_known_users(sql::Database& database);

/// The IDs we hold of a table's rows, above `after` up to `last`.
Result<std::vector<std::int64_t>> record_ids(sql::Database& database, metadata::Table table, std::int64_t after,
                                             std::int64_t last);
/// A row the site no longer has.
Result<void> forget_record(sql::Database& database, metadata::Table table, std::int64_t id);
/// The notes and the commentary of an expunged post: they went with it.
Result<void> forget_records_of(sql::Database& database, PostId post);

/// What other posts depend on of one that is shown (has_children, has_active_children).
struct Relation {
  std::optional<PostId> parent;
  bool is_deleted = false;
};
/// As known; nullopt for gaps and what is not known.
Result<std::optional<Relation>> known_relation(sql::Database& database, PostId id);

/// 0 when there is none.
Result<PostId> highest_post(sql::Database& database);
/// Posts we hold above `after` that are no gaps, in ID order.
Result<std::vector<PostId>> shown_posts_after(sql::Database& database, PostId after, int limit);

}  // namespace dbr::dataset
