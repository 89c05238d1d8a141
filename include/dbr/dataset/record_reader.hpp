// SPDX-License-Identifier: MIT
// The manifest's records as the JSON they came from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/metadata/packed.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Remembers the shapes and tags it has met (some 100 bytes each). For one thread; the database outlives it.
class RecordReader {
 public:
  static Result<RecordReader> create(sql::Database& database);

  /// Of a row that begins with the columns created_at, file_size, md5, tags, record, rating of a post that is no gap.
  Result<std::string> post(const sql::Statement& row);
  /// The same, where the tags are at hand.
  Result<std::string> post(const sql::Statement& row, const std::vector<const metadata::TagUse*>& tags);
  /// The same with nameless tags, for who needs none: faster, and nothing is remembered.
  Result<std::string> post_without_tags(const sql::Statement& row);
  /// Of the column `record` of another table.
  Result<std::string> record(std::string_view bytes);
  /// Of the column `tags`; valid as long as the reader.
  Result<std::vector<const metadata::TagUse*>> tags(std::string_view bytes);
  /// Tags may have changed their categories.
  void forget_tags();

 private:
  RecordReader(sql::Statement select_shape, sql::Statement select_tag)
      : m_select_shape(std::move(select_shape)), m_select_tag(std::move(select_tag)) {}
  Result<std::string> unpack(std::string_view bytes, const std::vector<const metadata::TagUse*>& tags,
                             const metadata::PackBase& base);
  Result<const std::string*> shape(std::int64_t number);
  Result<const metadata::TagUse*> tag(std::int64_t number);

  sql::Statement m_select_shape;
  sql::Statement m_select_tag;
  std::map<std::int64_t, std::string> m_shapes;
  std::unordered_map<std::int64_t, metadata::TagUse> m_tags;
};

}  // namespace dbr::dataset
