// SPDX-License-Identifier: MIT
#include "release_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "field_values.hpp"

namespace dbr::exports {
namespace {

constexpr std::int64_t k_longest_side = 4096;
// Beyond it no site is to be believed; sums stay far from 2^63.
constexpr std::int64_t k_largest_score = 1'000'000;
constexpr std::int64_t k_largest_side = 65'535;

void add_number(Tally& tally, std::optional<std::int64_t> number) {
  if (number && *number >= -k_largest_score && *number <= k_largest_score) tally.add(*number);
}

int year_of(Timestamp moment) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(moment)).year());
}

}  // namespace

void SizeTable::add(std::int64_t width, std::int64_t height) {
  if (width > k_longest_side || height > k_longest_side) return;
  if (m_posts.empty()) m_posts.resize(k_longest_side);
  auto& heights = m_posts[static_cast<std::size_t>(width - 1)];
  if (heights.empty()) heights.resize(k_longest_side);
  ++heights[static_cast<std::size_t>(height - 1)];
}

std::vector<SizeTable::Entry> SizeTable::most_common(std::size_t count) const {
  std::vector<Entry> best;
  std::int64_t width = 0;
  for (const auto& heights : m_posts) {
    ++width;
    std::int64_t height = 0;
    for (const std::int64_t posts : heights) {
      ++height;
      if (posts == 0 || (best.size() == count && posts <= best.back().posts)) continue;
      // Sizes come in the order of equals, so a later one goes behind those with as many.
      const auto place = std::ranges::upper_bound(best, posts, std::ranges::greater{}, &Entry::posts);
      best.insert(place, {width, height, posts});
      if (best.size() > count) best.pop_back();
    }
  }
  return best;
}

std::size_t index_of_category(std::int64_t category) {
  const auto found = std::ranges::find(metadata::k_tag_categories, category,
                                       [](metadata::TagCategory known) { return static_cast<std::int64_t>(known); });
  return found == metadata::k_tag_categories.end()
             ? 0
             : static_cast<std::size_t>(found - metadata::k_tag_categories.begin());
}

Result<void> ReleaseCounts::add(const dataset::ReleasePost& post, const Json& row) {
  const auto created_at = parse_timestamp(text_in(row, "created_at"));
  if (!created_at) return fail(ErrorKind::corrupt, fmt::format("post {} has no time of creation", post.id));
  last = {post.id, *created_at};
  if (first.id == 0) first = last;
  ++years[year_of(*created_at)];

  SetCounts& set = sets[static_cast<std::size_t>(post.set)];
  ++set.posts;
  set.originals += post.size;
  original_sizes.add(post.size);
  FormatCounts& format = formats[std::string(extension_of(post.original))];
  ++format.files;
  format.bytes += post.size;
  if (!post.ml.empty()) {
    ++set.stills;
    set.ml_forms += post.ml_size;
    originals_of_stills += post.size;
    ml_sizes.add(post.ml_size);
    add_size(row);
  }
  const auto rating = std::ranges::find(k_ratings, text_in(row, "rating"));
  ++ratings[static_cast<std::size_t>(rating - k_ratings.begin())];
  add_tags(post.tags);
  add_number(scores, number_in(row, "score"));
  add_number(favourites, number_in(row, "fav_count"));
  return {};
}

void ReleaseCounts::add_tags(std::span<const metadata::TagUse> uses) {
  std::array<std::int64_t, metadata::k_tag_categories.size()> by_category{};
  for (const metadata::TagUse& use : uses) ++by_category[index_of_category(tags.use(use).category)];
  for (std::size_t index = 0; index < by_category.size(); ++index) {
    category_tags_per_post[index].add(by_category[index]);
  }
  const auto count = static_cast<std::int64_t>(uses.size());
  tags_per_post.add(count);
  tag_ranges.add(count);
}

void ReleaseCounts::add_size(const Json& row) {
  const std::int64_t width = integer_of(row, "image_width");
  const std::int64_t height = integer_of(row, "image_height");
  if (width <= 0 || height <= 0 || width > k_largest_side || height > k_largest_side) return;
  ++measured;
  pixels += width * height;
  megapixels.add(width * height);
  sizes.add(width, height);
  ++(width > height ? landscape : width < height ? portrait : square);
}

}  // namespace dbr::exports
