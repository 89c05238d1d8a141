// SPDX-License-Identifier: MIT
// The manifest's metadata: posts, the other tables, and how far each feed was read. The caller owns the transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// The last ID read of a feed ("posts", "tags" ...); 0 at the beginning.
Result<std::int64_t> feed_position(sql::Database& database, std::string_view feed);
Result<void> set_feed_position(sql::Database& database, std::string_view feed, std::int64_t last_id);

/// Every post created before this moment has been read; the epoch when nothing is known. It never goes back.
Result<Timestamp> posts_complete_until(sql::Database& database);
Result<void> set_posts_complete_until(sql::Database& database, Timestamp moment);

/// Writes posts and tables inside the caller's transaction; of no use once that was rolled back. Users that posts name
/// and no table has are noted in wanted_user.
class MetadataWriter {
 public:
  static Result<MetadataWriter> create(sql::Database& database);

  /// New or changed. A new file (other md5 or URL gone or back) sends the post's original and everything derived from
  /// it back to the beginning; nothing else does. `snapshot` numbers the dump it is from (0: the site): what the site
  /// said stays, and among dumps the later update does.
  Result<void> put(const metadata::Post& post, std::int64_t snapshot = 0);
  /// An ID the site shows no record of: it has no such post (expunged), hides all of it (withheld), or sends a row that
  /// cannot be read (unread).
  Result<void> put_gap(PostId id, metadata::PostState state = metadata::PostState::expunged);
  Result<void> put(metadata::Table table, const metadata::Record& record, std::int64_t snapshot = 0);
  /// How many rows the calls of put so far have changed.
  std::int64_t rows_changed() const;
  /// To be called last in the transaction: moves metadata_version if anything changed.
  Result<void> finish();

 private:
  struct Statements;
  explicit MetadataWriter(std::shared_ptr<Statements> statements) : m_statements(std::move(statements)) {}
  std::shared_ptr<Statements> m_statements;
};

/// Posts whose row could not be read: to be asked for again.
Result<std::vector<PostId>> unread_posts(sql::Database& database);

/// Rows of a table in ID order.
Result<void> for_each_record(sql::Database& database, metadata::Table table,
                             const std::function<Result<void>(std::int64_t id, std::string_view json)>& on_record);

/// Grows whenever metadata changed: what was computed from it can tell whether it is still true.
Result<std::int64_t> metadata_version(sql::Database& database);

/// The greatest ID created before `cutoff`, 0 when there is none: the end of a release's range.
Result<PostId> last_id_before(sql::Database& database, Timestamp cutoff);

}  // namespace dbr::dataset
