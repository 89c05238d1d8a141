// SPDX-License-Identifier: MIT
#include "dbr/dataset/posts.hpp"

#include <fmt/format.h>

#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/states.hpp"

namespace dbr::dataset {
namespace {

using metadata::PostState;

std::int64_t to_integer(auto state) {
  return static_cast<std::int64_t>(state);
}

// Where an original stands when nothing was fetched yet.
OriginalState initial_state(PostState state) {
  switch (state) {
    case PostState::withheld:
    case PostState::unread:
      return OriginalState::withheld;
    case PostState::expunged:
      return OriginalState::expunged;
    case PostState::live:
    case PostState::deleted:
      return OriginalState::wanted;
  }
  return OriginalState::wanted;
}

Result<std::optional<std::int64_t>> setting(sql::Database& database, std::string_view key) {
  DBR_TRY(auto select, database.prepare("SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?"));
  select.bind(1, key);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<std::int64_t>();
  return select.optional_integer(0);
}

Result<void> set_setting(sql::Database& database, std::string_view key, std::int64_t value) {
  DBR_TRY(auto upsert, database.prepare("INSERT OR REPLACE INTO setting VALUES (?, ?)"));
  return upsert.bind(1, key).bind(2, std::to_string(value)).run();
}

}  // namespace

Result<std::int64_t> feed_position(sql::Database& database, std::string_view feed) {
  DBR_TRY(auto select, database.prepare("SELECT last_id FROM feed WHERE name = ?"));
  select.bind(1, feed);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? select.integer(0) : 0;
}

Result<void> set_feed_position(sql::Database& database, std::string_view feed, std::int64_t last_id) {
  DBR_TRY(auto upsert, database.prepare("INSERT OR REPLACE INTO feed VALUES (?, ?)"));
  return upsert.bind(1, feed).bind(2, last_id).run();
}

Result<Timestamp> posts_complete_until(sql::Database& database) {
  DBR_TRY(const auto moment, setting(database, "posts_complete_until"));
  return Timestamp(std::chrono::milliseconds(moment.value_or(0)));
}

Result<void> set_posts_complete_until(sql::Database& database, Timestamp moment) {
  DBR_TRY(const Timestamp known, posts_complete_until(database));
  if (moment <= known) return {};
  return set_setting(database, "posts_complete_until", moment.time_since_epoch().count());
}

Result<std::vector<PostId>> unread_posts(sql::Database& database) {
  DBR_TRY(auto select, database.prepare("SELECT id FROM post INDEXED BY post_unread WHERE state = 4 ORDER BY id"));
  std::vector<PostId> ids;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return ids;
    ids.push_back(select.integer(0));
  }
}

Result<std::int64_t> metadata_version(sql::Database& database) {
  DBR_TRY(const auto version, setting(database, "metadata_version"));
  return version.value_or(0);
}

Result<PostId> last_id_before(sql::Database& database, Timestamp cutoff) {
  DBR_TRY(auto select, database.prepare("SELECT max(id) FROM post WHERE created_at < ?"));
  select.bind(1, cutoff.time_since_epoch().count());
  DBR_TRY(const bool is_row, select.step());
  return is_row ? select.optional_integer(0).value_or(0) : 0;
}

struct MetadataWriter::Statements {
  sql::Database& database;
  sql::Statement select_post;
  sql::Statement upsert_post;
  sql::Statement select_original;
  sql::Statement reset_original;
  sql::Statement reset_ml;
  sql::Statement select_record;
  sql::Statement upsert_record;
  bool is_changed = false;

  // Sends a post's files back to the beginning. Bytes still held are remembered by their columns, so that the next
  // fetch can replace or remove them.
  Result<void> restart_files(PostId id, OriginalState state, std::string_view md5) {
    DBR_CHECK(reset_original.bind(1, id).bind(2, to_integer(state)).bind(3, md5).run());
    const auto ml = state == OriginalState::wanted ? MlState::waiting : MlState::no_original;
    return reset_ml.bind(1, id).bind(2, to_integer(ml)).run();
  }

  Result<void> update_files(PostId id, PostState post_state, std::string_view md5, bool is_file_changed) {
    const OriginalState fresh = initial_state(post_state);
    select_original.bind(1, id);
    DBR_TRY(const bool is_known, select_original.step());
    if (!is_known) return restart_files(id, fresh, md5);
    const auto now = static_cast<OriginalState>(select_original.integer(0));
    const bool is_same_md5 = select_original.text(1) == md5;
    select_original.reset();

    if (fresh != OriginalState::wanted) {
      // Withheld or gone: bytes we hold stay ours (the release withdraws them), anything else is settled now.
      return has_bytes(now) ? Result<void>() : restart_files(id, fresh, "");
    }
    const bool was_hidden = now == OriginalState::withheld || now == OriginalState::expunged;
    const bool was_unusable = now == OriginalState::absent || now == OriginalState::mismatch ||
                              now == OriginalState::refused || now == OriginalState::quarantined;
    if (!is_same_md5 || was_hidden || (was_unusable && is_file_changed)) return restart_files(id, fresh, md5);
    return {};
  }
};

Result<MetadataWriter> MetadataWriter::create(sql::Database& database) {
  DBR_TRY(auto select_post, database.prepare("SELECT state, json, file_url FROM post WHERE id = ?"));
  DBR_TRY(auto upsert_post,
          database.prepare("INSERT OR REPLACE INTO post (id, state, created_at, rating, md5, file_ext, file_size, "
                           "file_url, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  DBR_TRY(auto select_original,
          database.prepare("SELECT state, coalesce(site_md5, '') FROM original WHERE post_id = ?"));
  DBR_TRY(auto reset_original,
          database.prepare("INSERT INTO original (post_id, state, site_md5) VALUES (?1, ?2, ?3) ON CONFLICT (post_id) "
                           "DO UPDATE SET state = ?2, site_md5 = ?3, reason = NULL, detail = NULL"));
  DBR_TRY(auto reset_ml, database.prepare("INSERT INTO ml (post_id, state) VALUES (?1, ?2) ON CONFLICT (post_id) "
                                          "DO UPDATE SET state = ?2, reason = NULL, detail = NULL"));
  DBR_TRY(auto select_record, database.prepare("SELECT json FROM record WHERE kind = ? AND id = ?"));
  DBR_TRY(auto upsert_record,
          database.prepare("INSERT OR REPLACE INTO record (kind, id, post_id, json) VALUES (?, ?, ?, ?)"));
  return MetadataWriter(std::make_shared<Statements>(
      Statements{database, std::move(select_post), std::move(upsert_post), std::move(select_original),
                 std::move(reset_original), std::move(reset_ml), std::move(select_record), std::move(upsert_record)}));
}

Result<void> MetadataWriter::put(const metadata::Post& post) {
  auto& s = *m_statements;
  s.select_post.bind(1, post.id);
  DBR_TRY(const bool is_known, s.select_post.step());
  // The state as well: a post that comes back after a gap has the record it had before.
  const bool is_same =
      is_known && s.select_post.integer(0) == to_integer(post.state) && s.select_post.text(1) == post.json;
  const bool is_file_changed = !is_known || s.select_post.text(2) != post.file_url;
  s.select_post.reset();
  if (is_same) return {};
  s.is_changed = true;
  DBR_CHECK(s.upsert_post.bind(1, post.id)
                .bind(2, to_integer(post.state))
                .bind(3, post.created_at.time_since_epoch().count())
                .bind(4, post.rating)
                .bind(5, post.md5)
                .bind(6, post.file_ext)
                .bind(7, post.file_size)
                .bind(8, post.file_url)
                .bind(9, post.json)
                .run());
  return s.update_files(post.id, post.state, post.md5, is_file_changed);
}

Result<void> MetadataWriter::put_gap(PostId id, PostState state) {
  auto& s = *m_statements;
  s.select_post.bind(1, id);
  DBR_TRY(const bool is_known, s.select_post.step());
  const bool is_same = is_known && s.select_post.integer(0) == to_integer(state);
  s.select_post.reset();
  if (is_same) return {};
  s.is_changed = true;
  if (is_known) {
    // What it was stays readable; only its state changes.
    DBR_CHECK(s.database.execute(fmt::format("UPDATE post SET state = {} WHERE id = {}", to_integer(state), id)));
  } else {
    s.upsert_post.bind(1, id).bind(2, to_integer(state));
    for (int column = 3; column <= 9; ++column) s.upsert_post.bind_null(column);
    DBR_CHECK(s.upsert_post.run());
  }
  return s.update_files(id, state, "", true);
}

Result<void> MetadataWriter::put(metadata::Table table, const metadata::Record& record) {
  auto& s = *m_statements;
  s.select_record.bind(1, to_integer(table)).bind(2, record.id);
  DBR_TRY(const bool is_known, s.select_record.step());
  const bool is_same = is_known && s.select_record.text(0) == record.json;
  s.select_record.reset();
  if (is_same) return {};
  s.is_changed = true;
  return s.upsert_record.bind(1, to_integer(table))
      .bind(2, record.id)
      .bind(3, record.post_id)
      .bind(4, record.json)
      .run();
}

Result<void> MetadataWriter::finish() {
  auto& s = *m_statements;
  if (!std::exchange(s.is_changed, false)) return {};
  DBR_TRY(const std::int64_t version, metadata_version(s.database));
  return set_setting(s.database, "metadata_version", version + 1);
}

Result<void> for_each_record(sql::Database& database, metadata::Table table,
                             const std::function<Result<void>(std::int64_t id, std::string_view json)>& on_record) {
  DBR_TRY(auto select, database.prepare("SELECT id, json FROM record WHERE kind = ? ORDER BY id"));
  select.bind(1, to_integer(table));
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_CHECK(on_record(select.integer(0), select.text(1)));
  }
}

}  // namespace dbr::dataset
