// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <chrono>
#include <unordered_set>
#include <utility>

#include "dbr/base/digest.hpp"
#include "dbr/base/varint.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/dataset/states.hpp"
#include "dictionary.hpp"
#include "queries.hpp"
#include "settings.hpp"

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

std::int64_t milliseconds(Timestamp moment) {
  return moment.time_since_epoch().count();
}

}  // namespace

// What the manifest knows of a post before it is written again.
struct Known {
  bool is_known = false;
  PostState state = PostState::expunged;
  OriginalState original = OriginalState::expunged;
  std::int64_t snapshot = 0;
  bool has_record = false;
  std::string md5, tags, record, rating;
  std::int64_t created_at = 0;
  ByteCount file_size = 0;
};

struct MetadataWriter::Statements {
  sql::Database& database;
  Dictionary dictionary;
  RecordReader reader;
  sql::Statement select_post;
  sql::Statement select_record_of_post;
  sql::Statement upsert_post;
  sql::Statement update_state;
  sql::Statement upsert_creation;
  sql::Statement insert_index_todo;
  sql::Statement insert_user;
  sql::Statement select_original;
  sql::Statement reset_original;
  sql::Statement reset_ml;
  sql::Statement select_record;
  sql::Statement upsert_record;
  std::int64_t indexed_until = 0;
  std::int64_t span = -1;  // of the post written last, and its earliest creation as the table has it
  std::int64_t span_earliest = 0;
  std::unordered_set<std::int64_t> users;
  bool is_changed = false;
  std::int64_t rows_changed = 0;

  Result<Known> find(PostId id) {
    select_post.bind(1, id);
    DBR_TRY(const bool is_row, select_post.step());
    Known known;
    if (!is_row) return known;
    known.is_known = true;
    known.state = static_cast<PostState>(select_post.integer(0));
    known.original = static_cast<OriginalState>(select_post.integer(1));
    known.snapshot = select_post.integer(2);
    known.md5 = select_post.text(3);
    known.tags = select_post.text(4);
    known.record = select_post.text(5);
    known.has_record = !select_post.is_null(5);
    known.created_at = select_post.integer(6);
    known.file_size = select_post.integer(7);
    known.rating = select_post.text(8);
    select_post.reset();
    return known;
  }

  Result<metadata::RecordFacts> facts_of(PostId id) {
    select_record_of_post.bind(1, id);
    DBR_TRY(const bool is_row, select_record_of_post.step());
    if (!is_row) return metadata::RecordFacts();
    const auto json = reader.post(select_record_of_post);
    select_record_of_post.reset();
    // A record that cannot be read any more says nothing, and is written anew.
    return json ? metadata::read_facts(*json) : metadata::RecordFacts();
  }

  Result<void> note_creation(PostId id, std::int64_t created_at) {
    const std::int64_t its_span = id >> k_span_bits;
    if (its_span == span && created_at >= span_earliest) return {};
    span = its_span;
    span_earliest = created_at;
    return upsert_creation.bind(1, its_span).bind(2, created_at).run();
  }

  Result<void> note_user(std::int64_t id) {
    if (id <= 0 || !users.insert(id).second) return {};
    return insert_user.bind(1, id).run();
  }

  // The index knows the post by the tags it had; whoever comes later than it will be read by it anyway.
  Result<void> note_tags(PostId id, const Known& known, std::string_view tags) {
    if (id > indexed_until || known.tags == tags) return {};
    return insert_index_todo.bind(1, id).bind_blob(2, known.tags).run();
  }

  // Where the post's original stands from now on. Bytes still held are remembered by their columns, so that the next
  // fetch can replace or remove them.
  Result<OriginalState> original_state(PostId id, PostState post_state, std::string_view md5, const Known& known,
                                       bool is_file_changed) {
    const OriginalState fresh = initial_state(post_state);
    select_original.bind(1, id);
    DBR_TRY(const bool was_touched, select_original.step());
    if (!was_touched) return fresh;
    const bool is_same_md5 = select_original.text(0) == md5;
    select_original.reset();
    const OriginalState now = known.original;
    if (fresh != OriginalState::wanted) {
      // Withheld or gone: bytes we hold stay ours (the release withdraws them), anything else is settled now.
      if (has_bytes(now)) return now;
      return restart(id, fresh, "");
    }
    // Left out by facts that may be others now: apply_selection looks again.
    const bool was_left_out = now == OriginalState::excluded;
    const bool was_hidden = now == OriginalState::withheld || now == OriginalState::expunged;
    const bool was_unusable = now == OriginalState::absent || now == OriginalState::mismatch ||
                              now == OriginalState::refused || now == OriginalState::quarantined;
    if (!is_same_md5 || was_left_out || was_hidden || (was_unusable && is_file_changed)) return restart(id, fresh, md5);
    return now;
  }

  Result<OriginalState> restart(PostId id, OriginalState state, std::string_view md5) {
    DBR_CHECK(reset_original.bind(1, id).bind(2, md5).run());
    const auto ml = state == OriginalState::wanted ? MlState::waiting : MlState::no_original;
    DBR_CHECK(reset_ml.bind(1, id).bind(2, to_integer(ml)).run());
    return state;
  }
};

Result<MetadataWriter> MetadataWriter::create(sql::Database& database) {
  DBR_TRY(auto dictionary, Dictionary::create(database));
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(
      auto select_post,
      database.prepare(
          "SELECT state, original, snapshot, md5, tags, record, created_at, file_size, rating FROM post WHERE id = ?"));
  DBR_TRY(auto select_record_of_post,
          database.prepare("SELECT " DBR_POST_RECORD " FROM post p WHERE p.id = ? AND p.record IS NOT NULL"));
  DBR_TRY(auto upsert_post,
          database.prepare("INSERT INTO post (id, state, original, snapshot, created_at, file_size, rating, md5, tags, "
                           "record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE "
                           "SET state = ?2, original = ?3, snapshot = ?4, created_at = ?5, file_size = ?6, "
                           "rating = ?7, md5 = ?8, tags = ?9, record = ?10"));
  DBR_TRY(auto update_state,
          database.prepare("INSERT INTO post (id, state, original, snapshot) VALUES (?1, ?2, ?3, 0) "
                           "ON CONFLICT (id) DO UPDATE SET state = ?2, original = ?3, snapshot = 0"));
  DBR_TRY(auto upsert_creation, database.prepare("INSERT INTO span VALUES (?1, ?2, 0) ON CONFLICT (number) DO UPDATE "
                                                 "SET earliest = ?2 WHERE ?2 < earliest"));
  DBR_TRY(auto insert_index_todo, database.prepare("INSERT OR IGNORE INTO tag_index_todo VALUES (?, ?)"));
  DBR_TRY(auto insert_user, database.prepare("INSERT OR IGNORE INTO wanted_user SELECT ?1 "
                                             "WHERE NOT EXISTS (SELECT 1 FROM record WHERE kind = 8 AND id = ?1)"));
  DBR_TRY(auto select_original, database.prepare("SELECT coalesce(site_md5, '') FROM original WHERE post_id = ?"));
  DBR_TRY(auto reset_original, database.prepare("UPDATE original SET site_md5 = ?2, reason = NULL, detail = NULL "
                                                "WHERE post_id = ?1"));
  DBR_TRY(auto reset_ml, database.prepare("UPDATE ml SET state = ?2, reason = NULL, detail = NULL WHERE post_id = ?1"));
  DBR_TRY(auto select_record, database.prepare("SELECT snapshot, record FROM record WHERE kind = ? AND id = ?"));
  DBR_TRY(auto upsert_record, database.prepare("INSERT OR REPLACE INTO record (kind, id, snapshot, post_id, name, "
                                               "record) VALUES (?, ?, ?, ?, ?, ?)"));
  DBR_TRY(const auto indexed_until, setting(database, "tag_index_until"));
  return MetadataWriter(std::make_shared<Statements>(Statements{
      database, std::move(dictionary), std::move(reader), std::move(select_post), std::move(select_record_of_post),
      std::move(upsert_post), std::move(update_state), std::move(upsert_creation), std::move(insert_index_todo),
      std::move(insert_user), std::move(select_original), std::move(reset_original), std::move(reset_ml),
      std::move(select_record), std::move(upsert_record), indexed_until.value_or(0)}));
}

Result<void> MetadataWriter::put(const metadata::Post& post, std::int64_t snapshot) {
  auto& s = *m_statements;
  DBR_TRY(const Known known, s.find(post.id));
  DBR_TRY(const std::int64_t shape, s.dictionary.shape_number(post.record.shape));
  DBR_TRY(const std::string tags, s.dictionary.tag_list(post.record.tags));
  std::string record;
  put_varint(record, static_cast<std::uint64_t>(shape));
  record += post.record.values;
  const std::string md5 = from_hex(post.md5);
  // The state as well: a post that comes back after a gap has the record it had before.
  const bool is_same = known.is_known && known.state == post.state && known.snapshot == snapshot && known.has_record &&
                       known.created_at == milliseconds(post.created_at) && known.file_size == post.file_size &&
                       known.rating == post.rating && known.md5 == md5 && known.tags == tags && known.record == record;
  if (is_same) return {};
  if (snapshot != 0 && known.is_known && known.snapshot == 0) return {};
  bool is_file_changed = true;
  if (known.has_record) {
    DBR_TRY(const auto old, s.facts_of(post.id));
    if (snapshot != 0 && old.updated_at > post.updated_at) return {};
    is_file_changed = old.file_url != post.file_url;
  }
  s.is_changed = true;
  DBR_TRY(const OriginalState original, s.original_state(post.id, post.state, post.md5, known, is_file_changed));
  DBR_CHECK(s.note_creation(post.id, milliseconds(post.created_at)));
  DBR_CHECK(s.note_user(post.uploader_id));
  DBR_CHECK(s.note_user(post.approver_id));
  DBR_CHECK(s.note_tags(post.id, known, tags));
  s.upsert_post.bind(1, post.id)
      .bind(2, to_integer(post.state))
      .bind(3, to_integer(original))
      .bind(4, snapshot)
      .bind(5, milliseconds(post.created_at))
      .bind(6, post.file_size)
      .bind(7, post.rating)
      .bind_blob(8, md5)
      .bind_blob(9, tags)
      .bind_blob(10, record);
  ++s.rows_changed;
  return s.upsert_post.run();
}

Result<void> MetadataWriter::put_gap(PostId id, metadata::PostState state) {
  auto& s = *m_statements;
  DBR_TRY(const Known known, s.find(id));
  if (known.is_known && known.state == state) return {};
  s.is_changed = true;
  // What it was stays readable; only its state changes.
  DBR_TRY(const OriginalState original, s.original_state(id, state, "", known, true));
  return s.update_state.bind(1, id).bind(2, to_integer(state)).bind(3, to_integer(original)).run();
}

Result<void> MetadataWriter::put(metadata::Table table, const metadata::Record& record, std::int64_t snapshot) {
  auto& s = *m_statements;
  DBR_TRY(const std::int64_t shape, s.dictionary.shape_number(record.record.shape));
  std::string bytes;
  put_varint(bytes, static_cast<std::uint64_t>(shape));
  bytes += record.record.values;
  s.select_record.bind(1, to_integer(table)).bind(2, record.id);
  DBR_TRY(const bool is_known, s.select_record.step());
  const bool is_sites = is_known && s.select_record.integer(0) == 0;
  const std::string before(is_known ? s.select_record.text(1) : "");
  const bool is_same = is_known && s.select_record.integer(0) == snapshot && before == bytes;
  s.select_record.reset();
  if (is_same || (is_sites && snapshot != 0)) return {};
  if (is_known && snapshot != 0) {
    const auto json = s.reader.record(before);
    if (json && metadata::read_facts(*json).updated_at > record.updated_at) return {};
  }
  s.is_changed = true;
  ++s.rows_changed;
  if (table == metadata::Table::tags && snapshot == 0 && record.name && record.category) {
    DBR_CHECK(s.dictionary.set_category(*record.name, *record.category));
    s.reader.forget_tags();
  }
  return s.upsert_record.bind(1, to_integer(table))
      .bind(2, record.id)
      .bind(3, snapshot)
      .bind(4, record.post_id)
      .bind(5, record.name)
      .bind_blob(6, bytes)
      .run();
}

std::int64_t MetadataWriter::rows_changed() const {
  return m_statements->rows_changed;
}

Result<void> MetadataWriter::finish() {
  auto& s = *m_statements;
  if (!std::exchange(s.is_changed, false)) return {};
  DBR_TRY(const std::int64_t version, metadata_version(s.database));
  return set_setting(s.database, "metadata_version", version + 1);
}

}  // namespace dbr::dataset
