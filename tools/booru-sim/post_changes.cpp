// SPDX-License-Identifier: MIT
// Changes of posts. Which of them move updated_at, and what each leaves in the feeds, is what an archive has to get
// right.
#include <algorithm>
#include <array>

#include "change_kinds.hpp"
#include "feeds.hpp"

namespace dbr::sim {

namespace {

template <class Test>
std::vector<std::int64_t> posts_where(const World& world, Test test) {
  std::vector<std::int64_t> ids;
  for (const Post& post : world.posts) {
    if (!post.is_expunged && test(post)) ids.push_back(post.id);
  }
  return ids;
}

std::vector<std::int64_t> any_post(const World& world) {
  return posts_where(world, [](const Post&) { return true; });
}
std::vector<std::int64_t> visible(const World& world) {
  return posts_where(world, [&](const Post& post) { return !world.is_withheld(post) && !post.is_deleted; });
}
std::vector<std::int64_t> undeleted(const World& world) {
  return posts_where(world, [](const Post& post) { return !post.is_deleted; });
}
std::vector<std::int64_t> deleted(const World& world) {
  return posts_where(world, [](const Post& post) { return post.is_deleted; });
}
std::vector<std::int64_t> unbanned(const World& world) {
  return posts_where(world, [](const Post& post) { return !post.is_banned; });
}
std::vector<std::int64_t> banned(const World& world) {
  return posts_where(world, [](const Post& post) { return post.is_banned; });
}
std::vector<std::int64_t> unapproved(const World& world) {
  return posts_where(world, [](const Post& post) { return post.is_pending || post.is_flagged; });
}
std::vector<std::int64_t> wrong_md5(const World& world) {
  return posts_where(world,
                     [&](const Post& post) { return world.asset_of(post).md5 != world.asset_of(post).served_md5; });
}

/// A tag comes into the world by being given to a post.
TagIndex add_new_tag(World& world, Moment at) {
  const std::int64_t id = world.tags.back().id + world.dice.between(1, 3);
  const int category = world.dice.chance(0.5) ? 0 : 4;
  const auto index = static_cast<TagIndex>(world.tags.size());
  world.tags.push_back({.id = id,
                        .name = "new_tag_" + std::to_string(id),
                        .category = category,
                        .counted_category = category,
                        .created_at = at,
                        .updated_at = at});
  world.tag_by_name[world.tags.back().name] = index;
  return index;
}

/// Swaps a tag, and sometimes moves rating or source.
void edit(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  const PostBefore before = state_before(world, post);
  if (!post.tags.empty()) {
    const auto gone = post.tags.begin() + static_cast<std::ptrdiff_t>(world.dice.next() % post.tags.size());
    if (!world.tags[*gone].is_restricted) {
      --world.tags[*gone].post_count;  // by bulk SQL: the tag's updated_at stays
      post.tags.erase(gone);
    }
  }
  const auto added =
      world.dice.chance(0.05) ? add_new_tag(world, at) : static_cast<TagIndex>(world.dice.rank(world.tags.size()));
  if (!world.tags[added].is_restricted && std::find(post.tags.begin(), post.tags.end(), added) == post.tags.end()) {
    ++world.tags[added].post_count;
    post.tags.push_back(added);
  }
  std::sort(post.tags.begin(), post.tags.end(),
            [&](TagIndex a, TagIndex b) { return world.tags[a].name < world.tags[b].name; });
  if (world.dice.chance(0.3)) post.rating = "gsqe"[world.dice.next() % 4];
  post.source += "#edited";
  post.updated_at = at;
  add_post_version(world, post, &before, at);
}

/// Another parent, or none; the parents' flags follow.
void reparent(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  const PostBefore before = state_before(world, post);
  const Post& parent = world.dice.pick(world.posts);
  const bool is_possible = !parent.is_expunged && parent.id != id && parent.id != before.parent_id;
  post.parent_id = is_possible ? parent.id : 0;
  post.updated_at = at;
  add_post_version(world, post, &before, at);
  world.refresh_children_flags(before.parent_id, at);
  world.refresh_children_flags(post.parent_id, at);
}

void rescale_notes(World& world, const Post& post, const Asset& from, const Asset& to, Moment at) {
  for (auto& note : world.rows["notes"]) {
    if (note["post_id"] != post.id || from.width == 0 || from.height == 0) continue;
    for (const auto* key : {"x", "width"}) note[key] = note[key].get<std::int64_t>() * to.width / from.width;
    for (const auto* key : {"y", "height"}) note[key] = note[key].get<std::int64_t>() * to.height / from.height;
    note["version"] = note["version"].get<int>() + 1;
    note["updated_at"] = at;
    add_thing_version(world, "note_versions", "note_id", note, at);
  }
}

/// A new asset of a plain kind: replacements are there to make things better.
std::uint32_t add_asset(World& world, PostId post_id, Moment at) {
  Asset asset{.id = world.assets.back().id + 1, .post_id = post_id, .created_at = at, .updated_at = at};
  asset.kind = world.dice.chance(0.5) ? PictureKind::baseline_jpeg : PictureKind::rgb_png;
  asset.picture_seed = world.dice.next();
  draw_picture(world, asset, Dice(asset.picture_seed));
  const auto index = static_cast<std::uint32_t>(world.assets.size());
  world.asset_by_md5[asset.md5] = index;
  world.assets.push_back(std::move(asset));
  return index;
}

void replace(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  const PostBefore before = state_before(world, post);
  const std::uint32_t old_asset = post.asset;
  post.asset = add_asset(world, id, at);
  world.assets[old_asset].post_id = 0;  // its file stays on the CDN
  post.source = "https://example.org/better/" + world.asset_of(post).md5;
  post.updated_at = at;
  add_post_replacement(world, post, world.assets[old_asset], at);
  add_post_version(world, post, &before, at);
  rescale_notes(world, post, world.assets[old_asset], world.asset_of(post), at);
}

void remove(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  post.is_deleted = true;
  post.is_pending = post.is_flagged = false;
  post.updated_at = at;
  add_post_flag(world, post, "succeeded", at);
  world.refresh_children_flags(post.parent_id, at);
}

void approve(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  post.is_deleted = post.is_pending = post.is_flagged = false;
  post.approver_id = 2;
  post.updated_at = at;
  add_post_approval(world, post, at);
  world.refresh_children_flags(post.parent_id, at);
}

void undelete(World& world, std::int64_t id, Moment at) {
  approve(world, id, at);
  add_mod_action(world, "post_undelete", "undeleted post #" + std::to_string(id), id, at);
}

/// Neither a ban nor a flag moves updated_at: they are written past the model.
void ban(World& world, std::int64_t id, Moment at) {
  world.find_post(id)->is_banned = true;
  add_mod_action(world, "post_ban", "banned post #" + std::to_string(id), id, at);
}

void unban(World& world, std::int64_t id, Moment at) {
  world.find_post(id)->is_banned = false;
  add_mod_action(world, "post_unban", "unbanned post #" + std::to_string(id), id, at);
}

void flag(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  post.is_flagged = true;
  add_post_flag(world, post, "pending", at);
}

/// The row goes, and with it what hangs on it. Without a line for the moderators nobody is told.
void vanish(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  Asset& asset = world.assets[post.asset];
  asset.is_expunged = true;
  asset.updated_at = at;
  asset.post_id = 0;
  for (const auto* table : {"notes", "artist_commentaries"}) {
    std::erase_if(world.rows[table], [&](const Json& row) { return row["post_id"] == id; });
  }
  for (auto& pool : world.rows["pools"]) {
    auto& members = pool["post_ids"];
    const auto found = std::find(members.begin(), members.end(), Json(id));
    if (found == members.end()) continue;
    members.erase(found);
    pool["post_count"] = members.size();
    pool["updated_at"] = at;
    add_thing_version(world, "pool_versions", "pool_id", pool, at);
  }
  for (Post& child : world.posts) {
    if (child.parent_id != id) continue;
    const PostBefore before = state_before(world, child);
    child.parent_id = 0;
    child.updated_at = at;
    add_post_version(world, child, &before, at);
  }
  for (const TagIndex tag : post.tags) --world.tags[tag].post_count;
  post.is_expunged = true;
  world.refresh_children_flags(post.parent_id, at);
}

void expunge(World& world, std::int64_t id, Moment at) {
  const std::string md5 = world.asset_of(*world.find_post(id)).md5;
  vanish(world, id, at);
  const std::string text = "permanently deleted post #" + std::to_string(id) + " (md5=" + md5 + ")";
  add_mod_action(world, "post_permanent_delete", text, 0, at);
}

/// The site looks at the file again and corrects what it says about it.
void regenerate(World& world, std::int64_t id, Moment at) {
  Post& post = *world.find_post(id);
  Asset& asset = world.assets[post.asset];
  if (world.asset_by_md5.contains(asset.served_md5)) return;
  world.asset_by_md5.erase(asset.md5);
  asset.md5 = asset.served_md5;
  world.asset_by_md5[asset.md5] = post.asset;
  asset.updated_at = post.updated_at = at;
}

void vote(World& world, std::int64_t id, Moment) {
  Post& post = *world.find_post(id);
  ++post.up_score;
  ++post.fav_count;
}

void comment(World& world, std::int64_t id, Moment at) {
  world.find_post(id)->last_commented_at = at;
}

constexpr auto k_post_changes = std::to_array<ChangeKind>({{"edits", "edit", any_post, edit},
                                                           {"reparentings", "reparent", any_post, reparent},
                                                           {"replacements", "replace", visible, replace},
                                                           {"deletions", "delete", undeleted, remove},
                                                           {"undeletions", "undelete", deleted, undelete},
                                                           {"approvals", "approve", unapproved, approve},
                                                           {"flags", "flag", undeleted, flag},
                                                           {"bans", "ban", unbanned, ban},
                                                           {"unbans", "unban", banned, unban},
                                                           {"expunges", "expunge", any_post, expunge},
                                                           {"vanishings", "vanish", any_post, vanish},
                                                           {"regenerations", "regenerate", wrong_md5, regenerate},
                                                           {"votes", "vote", any_post, vote},
                                                           {"comments", "comment", any_post, comment}});

}  // namespace

std::span<const ChangeKind> post_changes() {
  return k_post_changes;
}

PostId add_new_post(World& world, Moment at) {
  Post post = draw_post(world, world.dice, at);
  post.id = world.posts.back().id + 1;
  post.is_pending = true;
  post.approver_id = 0;
  post.asset = add_asset(world, post.id, at);
  if (world.dice.chance(0.2)) post.uploader_id = add_new_user(world, at);
  for (const TagIndex tag : post.tags) ++world.tags[tag].post_count;
  world.posts.push_back(std::move(post));
  add_post_version(world, world.posts.back(), nullptr, at);
  return world.posts.back().id;
}

}  // namespace dbr::sim
