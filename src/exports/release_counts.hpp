// SPDX-License-Identifier: MIT
// What is counted while the release's posts go by once. Memory grows with the tags and with the different scores, not
// with the posts.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "dbr/base/time.hpp"
#include "dbr/metadata/post.hpp"
#include "figures.hpp"
#include "release_rows.hpp"
#include "tag_table.hpp"

namespace dbr::exports {

/// Letters of `rating`; what has none of them is counted after the last.
inline constexpr std::array<std::string_view, 4> k_ratings = {"g", "s", "q", "e"};

/// How many posts have each size in pixels, as far as it is at most 4096 a side: a table of at most 64 MB.
class SizeTable {
 public:
  void add(std::int64_t width, std::int64_t height);
  struct Entry {
    std::int64_t width = 0, height = 0, posts = 0;
  };
  /// Most posts first, then by width, then by height.
  std::vector<Entry> most_common(std::size_t count) const;

 private:
  std::vector<std::vector<std::uint32_t>> m_posts;  // by width, then height; widths nobody has are empty
};

struct ReleaseCounts {
  explicit ReleaseCounts(TagTable table) : tags(std::move(table)) {}

  /// Kind corrupt when the record has no time of creation.
  Result<void> add(const dataset::ReleasePost& post, const Json& row);

  struct Edge {
    PostId id = 0;
    Timestamp created_at{};
  };
  struct SetCounts {
    std::int64_t posts = 0, stills = 0;
    ByteCount originals = 0, ml_forms = 0;
  };
  struct FormatCounts {
    std::int64_t files = 0;
    ByteCount bytes = 0;
  };

  Edge first, last;
  std::array<SetCounts, 2> sets;  ///< by dataset::Set
  ByteCount originals_of_stills = 0;
  std::array<std::int64_t, k_ratings.size() + 1> ratings{};
  std::map<std::string, FormatCounts, std::less<>> formats;
  std::map<int, std::int64_t> years;

  TagTable tags;
  Tally tags_per_post;
  std::array<Tally, metadata::k_tag_categories.size()> category_tags_per_post;
  Ranges tag_ranges{{0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100}};

  std::int64_t measured = 0;  ///< stills whose size in pixels is known
  std::int64_t pixels = 0;
  std::int64_t landscape = 0, portrait = 0, square = 0;
  Ranges megapixels{{0, 100'000, 250'000, 500'000, 1'000'000, 2'000'000, 4'000'000, 8'000'000, 16'000'000, 32'000'000}};
  SizeTable sizes;

  Ranges original_sizes{
      {0, 100'000, 250'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000, 20'000'000, 50'000'000}};
  Ranges ml_sizes{{0, 20'000, 40'000, 60'000, 80'000, 100'000, 150'000, 200'000}};
  Tally scores, favourites;

 private:
  void add_tags(std::span<const metadata::TagUse> uses);
  void add_size(const Json& row);
};

/// Where a category stands in metadata::k_tag_categories; numbers that are none of them count as general.
std::size_t index_of_category(std::int64_t category);

}  // namespace dbr::exports
