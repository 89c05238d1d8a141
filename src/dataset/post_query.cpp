// SPDX-License-Identifier: MIT
#include "dbr/dataset/post_query.hpp"

#include <algorithm>

#include "queries.hpp"

namespace dbr::dataset {

Result<PostFinder> PostFinder::create(sql::Database& database, PostFilter filter) {
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(auto select_one, database.prepare(k_stored_post));
  DBR_TRY(auto select_facts, database.prepare(k_stored_post_facts));
  DBR_TRY(auto select_all, database.prepare(k_stored_posts));
  return PostFinder(std::move(filter), std::move(reader), std::move(select_one), std::move(select_facts),
                    std::move(select_all));
}

bool PostFinder::is_wanted(Timestamp created_at, metadata::PostState state, std::string_view rating) const {
  const auto is_one_of = [](const auto& allowed, const auto& value) {
    return allowed.empty() || std::ranges::find(allowed, value) != allowed.end();
  };
  return is_one_of(m_filter.states, state) && is_one_of(m_filter.ratings, rating) &&
         created_at >= m_filter.created_from.value_or(Timestamp::min()) &&
         created_at < m_filter.created_before.value_or(Timestamp::max());
}

Result<std::optional<StoredPost>> PostFinder::read(const sql::Statement& row) {
  const auto state = static_cast<metadata::PostState>(row.integer(7));
  if (!is_wanted(Timestamp(std::chrono::milliseconds(row.integer(0))), state, row.text(5))) {
    return std::optional<StoredPost>();
  }
  DBR_TRY(std::string json, m_reader.post(row));
  return std::optional(StoredPost{row.integer(6), state, std::move(json)});
}

Result<bool> PostFinder::holds(PostId id) {
  m_select_facts.bind(1, id);
  DBR_TRY(const bool is_row, m_select_facts.step());
  if (!is_row) return false;
  const auto state = static_cast<metadata::PostState>(m_select_facts.integer(0));
  const bool is_it =
      is_wanted(Timestamp(std::chrono::milliseconds(m_select_facts.integer(1))), state, m_select_facts.text(2));
  m_select_facts.reset();
  return is_it;
}

Result<std::optional<StoredPost>> PostFinder::find(PostId id) {
  m_select_one.bind(1, id);
  DBR_TRY(const bool is_row, m_select_one.step());
  if (!is_row) return std::optional<StoredPost>();
  auto post = read(m_select_one);
  m_select_one.reset();
  return post;
}

Result<void> PostFinder::for_each(const std::function<Result<bool>(const StoredPost& post)>& on_post) {
  for (;;) {
    DBR_TRY(const bool is_row, m_select_all.step());
    if (!is_row) return {};
    DBR_TRY(const auto post, read(m_select_all));
    if (!post) continue;
    DBR_TRY(const bool goes_on, on_post(*post));
    if (goes_on) continue;
    m_select_all.reset();
    return {};
  }
}

Result<std::optional<std::string>> find_record(sql::Database& database, metadata::Table table, std::int64_t id) {
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(auto select, database.prepare(k_stored_record));
  select.bind(1, static_cast<std::int64_t>(table)).bind(2, id);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<std::string>();
  DBR_TRY(std::string json, reader.record(select.text(0)));
  return std::optional(std::move(json));
}

Result<std::vector<PostId>> posts_of_pool(sql::Database& database, std::int64_t id) {
  DBR_TRY(const auto json, find_record(database, metadata::Table::pools, id));
  return json ? metadata::pool_posts(*json) : std::vector<PostId>();
}

}  // namespace dbr::dataset
