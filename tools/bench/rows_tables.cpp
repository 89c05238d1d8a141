// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "rows.hpp"

namespace dbr::bench {
namespace {

// Mean length of what a pool says of itself.
constexpr std::string_view k_description =
    R"(Pictures of one story, in the order they were published.\r\n\r\nSee also {{parent:none}}.)";

void write_pool(Out& out, const PostDraw& posts, std::uint32_t pool, const std::vector<std::uint32_t>& ids) {
  const Moment created = posts.created(ids.front());
  const auto word = [&](std::uint32_t salt) {
    return posts.vocabulary().name(static_cast<TagNumber>(mix(pool * 4 + salt) % Vocabulary::k_tags));
  };
  out.add(R"({"id":)", pool, R"(,"name":")", word(0), '_', word(1), R"(","created_at":")", Eastern{created},
          R"(","updated_at":")", Eastern{posts.created(ids.back())}, R"(","description":")",
          pool % 3 == 0 ? std::string_view("") : k_description, R"(","is_active":)", pool % 4 != 0, R"(,"is_deleted":)",
          pool % 40 == 0, R"(,"post_ids":[)");
  for (const std::uint32_t id : ids) out.add(id, ',');
  out.drop_last();
  out.add(R"(],"category":")", is_series(pool) ? std::string_view("series") : std::string_view("collection"),
          R"(","post_count":)", static_cast<std::uint32_t>(ids.size()), '}');
}

/// `words`: what is between underscores and brackets.
void write_words(Out& out, std::string_view name) {
  bool is_empty = true;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("_()"), name.size());
    if (end > 0) out.add('"', name.substr(0, end), "\",");
    is_empty = is_empty && end == 0;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  if (!is_empty) out.drop_last();
}

}  // namespace

bool write_pools(Out& out, const PostDraw& posts, std::uint32_t rows) {
  for (std::uint32_t begin = 0; begin < rows; begin += Ties::k_window) {
    std::array<std::vector<std::uint32_t>, Ties::k_pools_a_window> members;
    const std::uint32_t first_pool = 1 + begin / Ties::k_window * Ties::k_pools_a_window;
    for (std::uint32_t row = begin; row < std::min(rows, begin + Ties::k_window); ++row) {
      std::array<std::uint32_t, 2> pools{};
      const std::uint32_t count = posts.ties().pools(row, pools);
      for (std::uint32_t at = 0; at < count; ++at) members[pools[at] - first_pool].push_back(posts.ties().id(row));
    }
    for (std::uint32_t at = 0; at < Ties::k_pools_a_window; ++at) {
      if (members[at].empty()) continue;
      // A collection is in the order in which people found the posts.
      const std::uint32_t pool = first_pool + at;
      if (!is_series(pool)) {
        const auto third = static_cast<std::ptrdiff_t>(members[at].size() / 3);
        std::rotate(members[at].begin(), members[at].begin() + third, members[at].end());
      }
      write_pool(out, posts, pool, members[at]);
      if (!out.end_row()) return false;
    }
  }
  return true;
}

bool write_tags(Out& out, const PostDraw& posts, std::uint32_t rows) {
  constexpr double tags_a_post = 30;
  const Vocabulary& vocabulary = posts.vocabulary();
  std::vector<TagNumber> by_id(Vocabulary::k_tags);
  std::iota(by_id.begin(), by_id.end(), 0U);
  std::sort(by_id.begin(), by_id.end(), [&](TagNumber a, TagNumber b) { return vocabulary.id(a) < vocabulary.id(b); });
  const Moment begin = posts.created(1), span = posts.end() - begin;
  for (const TagNumber tag : by_id) {
    const std::uint32_t id = vocabulary.id(tag);
    // What is to be expected; the site's own counts are only about right too.
    const double share = 1 - std::pow(1 - vocabulary.frequency(tag), tags_a_post);
    const Moment created = begin + span / (3 * Vocabulary::k_tags + 3) * id;
    out.add(R"({"id":)", id, R"(,"name":")", vocabulary.name(tag), R"(","post_count":)",
            static_cast<std::uint32_t>(std::lround(share * rows)), R"(,"category":)",
            static_cast<std::uint32_t>(vocabulary.category(tag)), R"(,"created_at":")", Eastern{created},
            R"(","updated_at":")", Eastern{created + (posts.end() - created) / 4}, R"(","is_deprecated":)",
            id % 500 == 0, R"(,"words":[)");
    write_words(out, vocabulary.name(tag));
    out.add("]}");
    if (!out.end_row()) return false;
  }
  return true;
}

}  // namespace dbr::bench
