// SPDX-License-Identifier: MIT
// The feeds' past. Only the newest posts have versions: nobody asks for what a first harvest already holds, and
// a hundred thousand rows would cost more memory than the posts.
#include <algorithm>

#include "feeds.hpp"

namespace dbr::sim {

void add_feeds(World& world) {
  constexpr std::size_t k_remembered = 2000;
  const std::size_t first = world.posts.size() > k_remembered ? world.posts.size() - k_remembered : 0;
  Dice dice(world.options.seed, 4);
  for (std::size_t i = 0; i < world.posts.size(); ++i) {
    const Post& post = world.posts[i];
    if (i >= first) add_post_version(world, post, nullptr, post.created_at);
    if (post.is_deleted) add_post_flag(world, post, "succeeded", post.created_at + 3 * k_day);
    if (post.is_flagged) add_post_flag(world, post, "pending", post.created_at + k_day);
    if (post.approver_id != 0 && i >= first) add_post_approval(world, post, post.created_at + k_day / 2);
    const std::string subject = "post #" + std::to_string(post.id);
    if (post.is_banned) add_mod_action(world, "post_ban", "banned " + subject, post.id, post.created_at + 2 * k_day);
    if (i >= first && dice.chance(0.01)) {
      Asset before = world.asset_of(post);
      before.md5 = dice.hex(32);
      before.id -= 200'000;
      add_post_replacement(world, post, before, std::min(post.updated_at, post.created_at + 5 * k_day));
    }
  }
  for (const auto& pool : world.rows["pools"])
    add_thing_version(world, "pool_versions", "pool_id", pool, pool["updated_at"]);
  for (const auto& note : world.rows["notes"])
    add_thing_version(world, "note_versions", "note_id", note, note["updated_at"]);
  for (const auto& row : world.rows["artist_commentaries"]) {
    add_thing_version(world, "artist_commentary_versions", "artist_commentary_id", row, row["updated_at"]);
  }
}

}  // namespace dbr::sim
