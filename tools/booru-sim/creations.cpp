// SPDX-License-Identifier: MIT
// Rows that were not there before, in every table whose rows people make.
#include <algorithm>
#include <array>

#include "change_kinds.hpp"
#include "feeds.hpp"

namespace dbr::sim {

namespace {

std::int64_t id_of(const Json& row) {
  return row["id"].get<std::int64_t>();
}

const Post& some_post(World& world) {
  for (;;) {
    const Post& post = world.dice.pick(world.posts);
    if (!post.is_expunged) return post;
  }
}

std::int64_t add_pool(World& world, Moment at) {
  const Json& pool = world.add_row("pools", {{"name", "New_pool_" + std::to_string(at)},
                                             {"created_at", at},
                                             {"updated_at", at},
                                             {"description", ""},
                                             {"is_active", true},
                                             {"is_deleted", false},
                                             {"category", "series"},
                                             {"post_ids", {some_post(world).id}},
                                             {"post_count", 1}});
  add_thing_version(world, "pool_versions", "pool_id", pool, at);
  return id_of(pool);
}

std::int64_t add_note(World& world, Moment at) {
  Post& post = *world.find_post(some_post(world).id);
  post.last_noted_at = at;
  const Json& note = world.add_row("notes", {{"created_at", at},
                                             {"updated_at", at},
                                             {"post_id", post.id},
                                             {"x", 1},
                                             {"y", 2},
                                             {"width", 3},
                                             {"height", 4},
                                             {"is_active", true},
                                             {"body", "new"},
                                             {"version", 1}});
  add_thing_version(world, "note_versions", "note_id", note, at);
  return id_of(note);
}

/// One for each post at most.
std::int64_t add_commentary(World& world, Moment at) {
  const auto& rows = world.rows["artist_commentaries"];
  const auto has_one = [&](const Post& post) {
    return std::any_of(rows.begin(), rows.end(), [&](const Json& row) { return row["post_id"] == post.id; });
  };
  const auto post = std::find_if(world.posts.rbegin(), world.posts.rend(),
                                 [&](const Post& p) { return !p.is_expunged && !has_one(p); });
  if (post == world.posts.rend()) return 0;
  const Json& row = world.add_row("artist_commentaries", {{"post_id", post->id},
                                                          {"original_title", "new"},
                                                          {"original_description", ""},
                                                          {"translated_title", ""},
                                                          {"translated_description", ""},
                                                          {"created_at", at},
                                                          {"updated_at", at}});
  add_thing_version(world, "artist_commentary_versions", "artist_commentary_id", row, at);
  return id_of(row);
}

std::int64_t add_artist(World& world, Moment at) {
  const Json& artist = world.add_row("artists", {{"created_at", at},
                                                 {"name", "new_artist_" + std::to_string(at)},
                                                 {"updated_at", at},
                                                 {"is_deleted", false},
                                                 {"group_name", ""},
                                                 {"is_banned", false},
                                                 {"other_names", Json::array()}});
  const std::int64_t id = id_of(artist);
  world.add_row("artist_urls", {{"artist_id", id},
                                {"url", "https://example.org/new/" + std::to_string(at)},
                                {"created_at", at},
                                {"updated_at", at},
                                {"is_active", true}});
  return id;
}

std::int64_t add_relation(World& world, std::string_view table, Moment at) {
  const Tag& consequent = world.dice.pick(world.tags);
  return id_of(world.add_row(table, {{"reason", ""},
                                     {"creator_id", 1},
                                     {"antecedent_name", "new_name_" + std::to_string(at)},
                                     {"consequent_name", consequent.name},
                                     {"status", "active"},
                                     {"forum_topic_id", Json()},
                                     {"created_at", at},
                                     {"updated_at", at},
                                     {"approver_id", 1},
                                     {"forum_post_id", Json()}}));
}

std::int64_t add_alias(World& world, Moment at) {
  return add_relation(world, "tag_aliases", at);
}
std::int64_t add_implication(World& world, Moment at) {
  return add_relation(world, "tag_implications", at);
}

constexpr auto k_creations = std::to_array<Creation>({{"new_posts", add_new_post},
                                                      {"new_pools", add_pool},
                                                      {"new_notes", add_note},
                                                      {"new_commentaries", add_commentary},
                                                      {"new_artists", add_artist},
                                                      {"new_aliases", add_alias},
                                                      {"new_implications", add_implication},
                                                      {"new_users", add_new_user}});

}  // namespace

std::int64_t add_new_user(World& world, Moment at) {
  return id_of(world.add_row("users", {{"created_at", at},
                                       {"name", "new_user_" + std::to_string(at)},
                                       {"inviter_id", Json()},
                                       {"level", 20},
                                       {"post_upload_count", 1},
                                       {"post_update_count", 0},
                                       {"note_update_count", 0},
                                       {"is_banned", false},
                                       {"is_deleted", false},
                                       {"level_string", "Member"}}));
}

std::span<const Creation> creations() {
  return k_creations;
}

}  // namespace dbr::sim
