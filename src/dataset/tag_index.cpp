// SPDX-License-Identifier: MIT
#include "dbr/dataset/tag_index.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "post_list.hpp"
#include "settings.hpp"
#include "tag_list.hpp"

namespace dbr::dataset {
namespace {

constexpr std::string_view k_until = "tag_index_until";

std::set<TagNumber> numbers_of(std::string_view tags) {
  const TagList list = read_tag_list(tags);
  return {list.numbers.begin(), list.numbers.end()};
}

// Lists of one chunk.
class ChunkTable {
 public:
  static Result<ChunkTable> create(sql::Database& database) {
    DBR_TRY(auto select, database.prepare("SELECT posts FROM tag_posts WHERE key = ?"));
    DBR_TRY(auto upsert, database.prepare("INSERT OR REPLACE INTO tag_posts VALUES (?, ?)"));
    DBR_TRY(auto remove, database.prepare("DELETE FROM tag_posts WHERE key = ?"));
    return ChunkTable(std::move(select), std::move(upsert), std::move(remove));
  }

  Result<Places> get(std::int64_t chunk, TagNumber tag) {
    m_select.bind(1, list_key(chunk, tag));
    DBR_TRY(const bool is_row, m_select.step());
    if (!is_row) return Places();
    auto places = read_post_list(m_select.text(0));
    m_select.reset();
    return places;
  }

  Result<void> put(std::int64_t chunk, TagNumber tag, std::string_view bytes) {
    return m_upsert.bind(1, list_key(chunk, tag)).bind_blob(2, bytes).run();
  }

  Result<void> remove(std::int64_t chunk, TagNumber tag) { return m_remove.bind(1, list_key(chunk, tag)).run(); }

 private:
  ChunkTable(sql::Statement select, sql::Statement upsert, sql::Statement remove)
      : m_select(std::move(select)), m_upsert(std::move(upsert)), m_remove(std::move(remove)) {}
  sql::Statement m_select;
  sql::Statement m_upsert;
  sql::Statement m_remove;
};

// So many changed posts at once: what they change is held in memory.
constexpr int k_changed_posts = 100'000;

// Posts the index knows by other tags than they have now.
struct Change {
  Places added;
  Places removed;
};

// False when there were none.
Result<bool> apply_changes(sql::Database& database, ChunkTable& table) {
  DBR_TRY(auto select, database.prepare("SELECT t.post_id, t.tags, p.tags FROM tag_index_todo t "
                                        "LEFT JOIN post p ON p.id = t.post_id ORDER BY t.post_id LIMIT ?"));
  select.bind(1, std::int64_t{k_changed_posts});
  PostId last = 0;
  std::map<std::pair<std::int64_t, TagNumber>, Change> changes;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) break;
    const PostId id = select.integer(0);
    last = id;
    const auto before = numbers_of(select.text(1));
    const auto after = numbers_of(select.text(2));
    const auto change = [&](TagNumber tag) -> Change& { return changes[{chunk_of(id), tag}]; };
    for (const TagNumber tag : before) {
      if (!after.contains(tag)) change(tag).removed.add(place_in_chunk(id));
    }
    for (const TagNumber tag : after) {
      if (!before.contains(tag)) change(tag).added.add(place_in_chunk(id));
    }
  }
  for (const auto& [key, change] : changes) {
    const auto& [chunk, tag] = key;
    DBR_TRY(auto places, table.get(chunk, tag));
    places |= change.added;
    places -= change.removed;
    DBR_CHECK(places.isEmpty() ? table.remove(chunk, tag) : table.put(chunk, tag, write_post_list(places)));
  }
  DBR_TRY(auto forget, database.prepare("DELETE FROM tag_index_todo WHERE post_id <= ?"));
  DBR_CHECK(forget.bind(1, last).run());
  return last != 0;
}

// Adds the posts after `until` in its chunk or, when there are none left there, in the next one that has any. The last
// ID added, 0 when there was none.
Result<PostId> add_posts(sql::Database& database, ChunkTable& table, PostId until) {
  DBR_TRY(auto select, database.prepare("SELECT id, tags FROM post WHERE id > ? ORDER BY id"));
  select.bind(1, until);
  std::unordered_map<TagNumber, PostListBuilder> lists;
  PostId last = 0;
  std::int64_t chunk = 0;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) break;
    const PostId id = select.integer(0);
    if (last == 0) chunk = chunk_of(id);
    if (chunk_of(id) != chunk) break;
    last = id;
    for (const TagNumber tag : read_tag_list(select.text(1)).numbers) lists[tag].add(place_in_chunk(id));
  }
  select.reset();
  const bool is_chunk_known = chunk_of(until) == chunk;
  std::vector<TagNumber> tags;
  for (const auto& [tag, list] : lists) tags.push_back(tag);
  std::ranges::sort(tags);  // appends to the table in its own order
  for (const TagNumber tag : tags) {
    const std::string bytes = lists[tag].bytes();
    if (is_chunk_known) {
      DBR_TRY(auto places, table.get(chunk, tag));
      DBR_TRY(const auto added, read_post_list(bytes));
      places |= added;
      DBR_CHECK(table.put(chunk, tag, write_post_list(places)));
    } else {
      DBR_CHECK(table.put(chunk, tag, bytes));
    }
  }
  return last;
}

}  // namespace

Result<void> update_tag_index(sql::Database& database, const std::function<bool()>& may_go_on) {
  DBR_TRY(auto table, ChunkTable::create(database));
  while (may_go_on()) {
    DBR_TRY(const auto until, setting(database, k_until));
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    DBR_TRY(const bool had_changes, apply_changes(database, table));
    DBR_TRY(const PostId last, add_posts(database, table, until.value_or(0)));
    if (last != 0) DBR_CHECK(set_setting(database, k_until, last));
    DBR_CHECK(transaction.commit());
    if (last == 0 && !had_changes) return {};
  }
  return {};
}

}  // namespace dbr::dataset
