// SPDX-License-Identifier: MIT
// Shapes and tags by number, for those who write records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "dbr/base/result.hpp"
#include "dbr/metadata/packed.hpp"
#include "dbr/sql/database.hpp"
#include "tag_cache.hpp"

namespace dbr::dataset {

/// Numbers count from 1 in the order of first use, so that frequent tags have small ones. New ones are written in the
/// caller's transaction. Memory grows with the tags met (some 100 bytes each).
class Dictionary {
 public:
  static Result<Dictionary> create(sql::Database& database);

  Result<std::int64_t> shape_number(std::string_view shape);
  /// The numbers of Packed::tags, as they are stored.
  Result<std::string> tag_list(std::string_view keys);
  /// A tag has another category now: the site's texts by category change at once with it, for every post.
  Result<void> set_category(std::string_view name, int category);

 private:
  struct Word {
    std::string_view key;
    std::uint64_t hash;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Numbers = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

  Dictionary(sql::Database& database, sql::Statement insert_shape, sql::Statement select_tag, sql::Statement insert_tag,
             sql::Statement update_category)
      : m_database(database),
        m_insert_shape(std::move(insert_shape)),
        m_select_tag(std::move(select_tag)),
        m_insert_tag(std::move(insert_tag)),
        m_update_category(std::move(update_category)) {}
  Result<std::int64_t> find_or_add_tag(std::string_view key, std::uint64_t hash);

  sql::Database& m_database;
  sql::Statement m_insert_shape;
  sql::Statement m_select_tag;
  sql::Statement m_insert_tag;
  sql::Statement m_update_category;
  std::vector<Word> m_words;  // of the list being written
  Numbers m_shapes;
  TagCache m_tags;
  std::int64_t m_last_shape = 0;
  std::int64_t m_last_tag = 0;
};

}  // namespace dbr::dataset
