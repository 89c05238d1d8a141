// SPDX-License-Identifier: MIT
// Rows of the site's other tables (tags, pools, notes ...): what they are found by, and the record as received.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/metadata/packed.hpp"

namespace dbr::metadata {

/// The numbers are stored in the manifest: never reuse one.
enum class Table : int {
  tags = 1,
  tag_aliases = 2,
  tag_implications = 3,
  pools = 4,
  notes = 5,
  artist_commentaries = 6,
  artists = 7,
  users = 8,  ///< only those that posts name
  artist_urls = 9,
};

inline constexpr std::array k_tables = {Table::tags,    Table::tag_aliases, Table::tag_implications,
                                        Table::pools,   Table::notes,       Table::artist_commentaries,
                                        Table::artists, Table::artist_urls, Table::users};

/// The site's own name, as in its URLs: "artist_commentaries".
std::string_view to_string(Table table);

struct Record {
  std::int64_t id = 0;
  std::optional<PostId> post_id;    ///< for notes and commentaries
  std::optional<std::string> name;  ///< of tags, pools, artists, users; the antecedent's of aliases and implications
  Timestamp created_at{};           ///< the epoch when the record does not say, as the next
  Timestamp updated_at{};
  std::optional<int> category;  ///< of tags
  Packed record;                ///< packed with an empty base
};

struct RecordPage {
  std::vector<Record> records;  ///< in ascending ID order
  std::int64_t refused = 0;     ///< rows without a usable ID
};

/// A pool's posts in its order: an array, or in old records a text of IDs.
std::vector<PostId> pool_posts(std::string_view pool_json);

Result<RecordPage> parse_records(std::string_view json);

}  // namespace dbr::metadata
