// SPDX-License-Identifier: MIT
#include "post_order.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace dbr::sim {

namespace {

/// The posts whose ids the query allows: an id range does not read the whole table.
std::span<const Post> allowed_posts(const World& world, const PostQuery& query) {
  std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  for (const auto& range : query.ids) {
    lowest = std::max(lowest, range.lowest());
    highest = std::min(highest, range.highest());
  }
  if (lowest > highest) return {};
  const auto begin = std::lower_bound(world.posts.begin(), world.posts.end(), lowest,
                                      [](const Post& p, PostId i) { return p.id < i; });
  const auto end =
      std::upper_bound(begin, world.posts.end(), highest, [](PostId i, const Post& p) { return i < p.id; });
  return {begin, end};
}

/// Sorts by what `order:` names; false when the name means the default, id descending.
bool sort_by(std::vector<std::size_t>& indexes, std::span<const Post> posts, const World& world,
             const PostQuery& query) {
  const auto by = [&](auto value, bool is_ascending) {
    std::stable_sort(indexes.begin(), indexes.end(), [&](std::size_t a, std::size_t b) {
      return is_ascending ? value(posts[a]) < value(posts[b]) : value(posts[b]) < value(posts[a]);
    });
    return true;
  };
  const std::string_view order = query.order;
  if (order == "id" || order == "id_asc") return by([](const Post& p) { return p.id; }, true);
  if (order == "change" || order == "change_desc") return by([](const Post& p) { return p.updated_at; }, false);
  if (order == "change_asc") return by([](const Post& p) { return p.updated_at; }, true);
  if (order == "created_at" || order == "created_at_desc" || (order.empty() && query.has_date)) {
    return by([](const Post& p) { return p.created_at; }, false);
  }
  if (order == "created_at_asc") return by([](const Post& p) { return p.created_at; }, true);
  if (order == "score") return by([](const Post& p) { return p.up_score + p.down_score; }, false);
  if (order == "favcount") return by([](const Post& p) { return p.fav_count; }, false);
  if (order == "md5") return by([&](const Post& p) { return world.asset_of(p).md5; }, false);
  if (order == "custom" && !query.ids.empty()) {
    const auto& list = query.ids.front().listed();
    return by([&](const Post& p) { return std::find(list.begin(), list.end(), p.id) - list.begin(); }, true);
  }
  return false;
}

}  // namespace

std::vector<const Post*> posts_of_page(const World& world, const PostQuery& query, const Page& page) {
  const auto posts = allowed_posts(world, query);
  const auto matches = [&](std::size_t index) { return query.matches(posts[index]); };
  std::vector<std::size_t> found;
  if (page.kind != Page::Kind::number) {  // replaces any order
    found = keyset_page(
        page, posts.size(), [&](std::size_t i) { return posts[i].id; }, matches);
  } else {
    std::vector<std::size_t> order;
    if (!query.order.empty() || query.has_date) {
      for (std::size_t i = 0; i < posts.size(); ++i) {
        if (matches(i)) order.push_back(i);
      }
    }
    if (sort_by(order, posts, world, query)) {
      found = numbered_page(
          page, order.size(), [&](std::size_t k) { return order[k]; }, [](std::size_t) { return true; });
    } else {
      found = numbered_page(
          page, posts.size(), [&](std::size_t k) { return posts.size() - 1 - k; }, matches);
    }
  }
  std::vector<const Post*> chosen;
  for (const std::size_t index : found) chosen.push_back(&posts[index]);
  return chosen;
}

std::int64_t count_posts(const World& world, const PostQuery& query) {
  const auto posts = allowed_posts(world, query);
  return std::count_if(posts.begin(), posts.end(), [&](const Post& post) { return query.matches(post); });
}

}  // namespace dbr::sim
