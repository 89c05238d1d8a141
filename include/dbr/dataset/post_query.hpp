// SPDX-License-Identifier: MIT
// Asking the manifest for posts, as they were received.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// What is empty holds for every post.
struct PostFilter {
  std::vector<metadata::PostState> states;
  std::vector<std::string> ratings;
  std::optional<Timestamp> created_from;
  std::optional<Timestamp> created_before;
};

struct StoredPost {
  PostId id = 0;
  metadata::PostState state = metadata::PostState::live;
  std::string json;
};

/// Reads posts one by one. For one thread; the database outlives it.
class PostFinder {
 public:
  static Result<PostFinder> create(sql::Database& database, PostFilter filter);
  /// nullopt when there is no record of it, or the filter does not hold.
  Result<std::optional<StoredPost>> find(PostId id);
  /// Whether find would find it, without the record: several times faster.
  Result<bool> holds(PostId id);
  /// All of them in ascending order; `on_post` returns false to stop.
  Result<void> for_each(const std::function<Result<bool>(const StoredPost& post)>& on_post);

 private:
  PostFinder(PostFilter filter, RecordReader reader, sql::Statement select_one, sql::Statement select_facts,
             sql::Statement select_all)
      : m_filter(std::move(filter)),
        m_reader(std::move(reader)),
        m_select_one(std::move(select_one)),
        m_select_facts(std::move(select_facts)),
        m_select_all(std::move(select_all)) {}
  bool is_wanted(Timestamp created_at, metadata::PostState state, std::string_view rating) const;
  Result<std::optional<StoredPost>> read(const sql::Statement& row);

  PostFilter m_filter;
  RecordReader m_reader;
  sql::Statement m_select_one;
  sql::Statement m_select_facts;
  sql::Statement m_select_all;
};

/// A record of another table as received; nullopt when there is none.
Result<std::optional<std::string>> find_record(sql::Database& database, metadata::Table table, std::int64_t id);
/// A pool's posts in its order; empty when there is no such pool.
Result<std::vector<PostId>> posts_of_pool(sql::Database& database, std::int64_t id);

}  // namespace dbr::dataset
