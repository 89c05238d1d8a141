// SPDX-License-Identifier: MIT
#include "world.hpp"

#include <algorithm>

namespace dbr::sim {

Post* World::find_post(PostId id) {
  return const_cast<Post*>(std::as_const(*this).find_post(id));
}

const Post* World::find_post(PostId id) const {
  const auto found = std::lower_bound(posts.begin(), posts.end(), id, [](const Post& p, PostId i) { return p.id < i; });
  return found == posts.end() || found->id != id || found->is_expunged ? nullptr : &*found;
}

bool World::is_restricted(const Post& post) const {
  return std::any_of(post.tags.begin(), post.tags.end(), [&](TagIndex tag) { return tags[tag].is_restricted; });
}

bool World::is_withheld(const Post& post) const {
  return post.is_banned || (post.bit_flags & k_taken_down) != 0 || is_restricted(post);
}

std::string World::tag_string(const Post& post, int category) const {
  std::string text;
  for (const TagIndex tag : post.tags) {
    if (category >= 0 && tags[tag].category != category) continue;
    if (!text.empty()) text += ' ';
    text += tags[tag].name;
  }
  return text;
}

Json& World::add_row(std::string_view table, Json fields) {
  auto& list = rows[std::string(table)];
  const std::int64_t last = list.empty() ? 0 : list.back()["id"].get<std::int64_t>();
  const bool has_gap = table != "users" && list.size() % 19 == 18;  // accounts are never removed
  Json row = {{"id", last + 1 + (has_gap ? 1 : 0)}};
  row.update(fields);
  return list.emplace_back(std::move(row));
}

Json* World::find_row(std::string_view table, std::int64_t id) {
  auto& list = rows[std::string(table)];
  const auto found = std::lower_bound(list.begin(), list.end(), id, [](const Json& row, std::int64_t wanted) {
    return row["id"].get<std::int64_t>() < wanted;
  });
  return found == list.end() || (*found)["id"] != id ? nullptr : &*found;
}

void World::refresh_children_flags(PostId parent, Moment at) {
  Post* post = find_post(parent);
  if (post == nullptr) return;
  const auto is_child = [&](const Post& p) { return p.parent_id == parent && !p.is_expunged; };
  const bool has_children = std::any_of(posts.begin(), posts.end(), is_child);
  const bool has_active_children =
      std::any_of(posts.begin(), posts.end(), [&](const Post& p) { return is_child(p) && !p.is_deleted; });
  if (has_children == post->has_children && has_active_children == post->has_active_children) return;
  post->has_children = has_children;
  post->has_active_children = has_active_children;
  post->updated_at = at;
}

bool is_animated(PictureKind kind) {
  switch (kind) {
    case PictureKind::animated_gif:
    case PictureKind::animated_png:
    case PictureKind::animated_webp:
    case PictureKind::mp4:
    case PictureKind::webm:
    case PictureKind::ugoira:
      return true;
    default:
      return false;
  }
}

double duration_of(PictureKind kind) {
  return is_animated(kind) ? 1.5 : -1;
}

std::unique_ptr<World> make_world(const Options& options) {
  auto world = std::make_unique<World>(options);
  add_tags(*world);
  add_posts(*world);
  count_tags(*world);
  add_tables(*world);
  add_feeds(*world);
  return world;
}

}  // namespace dbr::sim
