// SPDX-License-Identifier: MIT
#include "dbr/dataset/refresh.hpp"

#include <fmt/format.h>

#include <string>

#include "dbr/dataset/post_query.hpp"
#include "dbr/metadata/post.hpp"
#include "settings.hpp"

namespace dbr::dataset {
namespace {

std::string_view key_of(Milestone which) {
  switch (which) {
    case Milestone::harvest_begun:
      return "harvest_begun";
    case Milestone::sweep_begun:
      return "sweep_begun";
    case Milestone::refreshed_until:
      return "refreshed_until";
    case Milestone::refresh_target:
      return "refresh_target";
  }
  return "unknown";
}

std::int64_t kind_of(MaybeTable table) {
  return table ? static_cast<std::int64_t>(*table) : 0;
}

template <class... Values>
Result<void> run(sql::Database& database, std::string_view sql, const Values&... values) {
  DBR_TRY(auto statement, database.prepare(sql));
  int index = 0;
  (statement.bind(++index, values), ...);
  return statement.run();
}

template <class... Values>
Result<std::vector<std::int64_t>> ids(sql::Database& database, std::string_view sql, const Values&... values) {
  DBR_TRY(auto select, database.prepare(sql));
  int index = 0;
  (select.bind(++index, values), ...);
  std::vector<std::int64_t> found;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return found;
    found.push_back(select.integer(0));
  }
}

// What was computed from the metadata can tell that it is no longer true.
Result<void> count_change(sql::Database& database) {
  if (database.changes() == 0) return {};
  return run(database,
             "INSERT INTO setting VALUES ('metadata_version', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value "
             "AS INTEGER) + 1");
}

}  // namespace

Result<std::optional<Timestamp>> milestone(sql::Database& database, Milestone which) {
  DBR_TRY(const auto moment, setting(database, key_of(which)));
  if (!moment) return std::optional<Timestamp>();
  return std::optional(Timestamp(std::chrono::milliseconds(*moment)));
}

Result<void> set_milestone(sql::Database& database, Milestone which, Timestamp moment) {
  return set_setting(database, key_of(which), moment.time_since_epoch().count());
}

Result<void> clear_milestone(sql::Database& database, Milestone which) {
  return run(database, "DELETE FROM setting WHERE key = ?", key_of(which));
}

Result<void> forget_feeds(sql::Database& database, std::string_view prefix) {
  return run(database, "DELETE FROM feed WHERE substr(name, 1, length(?1)) = ?1", prefix);
}

Result<void> add_todo(sql::Database& database, PostId id) {
  return run(database, "INSERT OR IGNORE INTO todo VALUES (?)", id);
}

Result<std::vector<PostId>> next_todo(sql::Database& database, int limit) {
  return ids(database, "SELECT post_id FROM todo ORDER BY post_id LIMIT ?", std::int64_t{limit});
}

Result<void> remove_todo(sql::Database& database, PostId id) {
  return run(database, "DELETE FROM todo WHERE post_id = ?", id);
}

Result<std::int64_t> count_todo(sql::Database& database) {
  DBR_TRY(const auto count, database.integer("SELECT count(*) FROM todo"));
  return count.value_or(0);
}

Result<void> add_skipped(sql::Database& database, MaybeTable table, std::int64_t id, std::string_view reason) {
  return run(database, "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)", kind_of(table), id, reason);
}

Result<void> remove_skipped(sql::Database& database, MaybeTable table, std::int64_t id) {
  return run(database, "DELETE FROM skipped WHERE kind = ? AND id = ?", kind_of(table), id);
}

Result<std::vector<std::int64_t>> skipped_rows(sql::Database& database, MaybeTable table) {
  return ids(database, "SELECT id FROM skipped WHERE kind = ? ORDER BY id", kind_of(table));
}

Result<std::vector<std::int64_t>> wanted_users(sql::Database& database, int limit) {
  return ids(database, "SELECT id FROM wanted_user ORDER BY id LIMIT ?", std::int64_t{limit});
}

Result<void> remove_wanted_user(sql::Database& database, std::int64_t id) {
  return run(database, "DELETE FROM wanted_user WHERE id = ?", id);
}

Result<void> want_known_users(sql::Database& database) {
  return run(database, "INSERT OR IGNORE INTO wanted_user SELECT id FROM record WHERE kind = ?",
             kind_of(metadata::Table::users));
}

Result<std::vector<std::int64_t>> record_ids(sql::Database& database, metadata::Table table, std::int64_t after,
                                             std::int64_t last) {
  return ids(database, "SELECT id FROM record WHERE kind = ? AND id > ? AND id <= ? ORDER BY id", kind_of(table), after,
             last);
}

Result<void> forget_record(sql::Database& database, metadata::Table table, std::int64_t id) {
  DBR_CHECK(run(database, "DELETE FROM record WHERE kind = ? AND id = ?", kind_of(table), id));
  return count_change(database);
}

Result<void> forget_records_of(sql::Database& database, PostId post) {
  DBR_CHECK(run(database, "DELETE FROM record WHERE kind IN (?, ?) AND post_id = ?", kind_of(metadata::Table::notes),
                kind_of(metadata::Table::artist_commentaries), post));
  return count_change(database);
}

Result<std::optional<Relation>> known_relation(sql::Database& database, PostId id) {
  using metadata::PostState;
  DBR_TRY(auto finder,
          PostFinder::create(database, {.states = {PostState::live, PostState::deleted, PostState::withheld}}));
  DBR_TRY(const auto post, finder.find(id));
  if (!post) return std::optional<Relation>();
  const metadata::RecordFacts facts = metadata::read_facts(post->json);
  return std::optional(Relation{facts.parent_id, facts.is_deleted});
}

Result<PostId> highest_post(sql::Database& database) {
  DBR_TRY(const auto id, database.integer("SELECT max(id) FROM post"));
  return id.value_or(0);
}

Result<std::vector<PostId>> shown_posts_after(sql::Database& database, PostId after, int limit) {
  return ids(database, "SELECT id FROM post WHERE id > ? AND state <> ? ORDER BY id LIMIT ?", after,
             static_cast<std::int64_t>(metadata::PostState::expunged), std::int64_t{limit});
}

}  // namespace dbr::dataset
