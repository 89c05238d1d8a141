// SPDX-License-Identifier: MIT
#include "dbr/dataset/posts.hpp"

#include <chrono>

#include "dbr/dataset/record_reader.hpp"
#include "queries.hpp"
#include "settings.hpp"

namespace dbr::dataset {

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
  const std::int64_t moment = cutoff.time_since_epoch().count();
  DBR_TRY(auto spans, database.prepare("SELECT number FROM span WHERE earliest < ? ORDER BY number DESC"));
  DBR_TRY(auto select, database.prepare("SELECT max(id) FROM post WHERE id >= ? AND id < ? AND created_at < ?"));
  spans.bind(1, moment);
  for (;;) {
    DBR_TRY(const bool is_span, spans.step());
    if (!is_span) return 0;
    const std::int64_t first = spans.integer(0) << k_span_bits;
    select.bind(1, first).bind(2, first + (std::int64_t{1} << k_span_bits)).bind(3, moment);
    DBR_TRY(const bool is_row, select.step());
    const auto last = is_row ? select.optional_integer(0) : std::nullopt;
    select.reset();
    if (last) return *last;
  }
}

Result<void> for_each_record(sql::Database& database, metadata::Table table,
                             const std::function<Result<void>(std::int64_t id, std::string_view json)>& on_record) {
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(auto select, database.prepare("SELECT id, record FROM record WHERE kind = ? ORDER BY id"));
  select.bind(1, static_cast<std::int64_t>(table));
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_TRY(const std::string json, reader.record(select.text(1)));
    DBR_CHECK(on_record(select.integer(0), json));
  }
}

}  // namespace dbr::dataset
