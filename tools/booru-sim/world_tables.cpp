// SPDX-License-Identifier: MIT
// What hangs on posts and tags: pools, notes, commentaries, artists, aliases, implications, users.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "world.hpp"

namespace dbr::sim {

namespace {

const Moment k_end = moment("2018-06-18");

constexpr auto k_texts = std::to_array<std::string_view>(
    {"", "Thanks!\r\nSecond line", "\xE3\x81\x82\xE3\x82\x8A\xE3\x81\x8C\xE3\x81\xA8\xE3\x81\x86",
     "<b>bold</b> &amp; \"quotes\"", "tab\there", "\xF0\x9F\x98\xBA emoji \xE2\x80\xAE right to left", "C:\\path\\to",
     "'; DROP TABLE posts; --"});

struct Life {
  Moment created_at;
  Moment updated_at;
};

Life draw_life(Dice& dice, Moment earliest) {
  const Moment created = earliest + dice.between(0, std::max<Moment>(1, (k_end - earliest) / 4));
  return {created, dice.chance(0.5) ? created : dice.between(created, k_end)};
}

void add_users(World& world, Dice& dice) {
  Moment created = moment("2005-05-24T03:00:00Z");
  for (int i = 1; i <= 30; ++i) {
    world.add_row("users", {{"created_at", created},
                            {"name", i == 1 ? "albert" : fmt::format("user_{}", dice.hex(5))},
                            {"inviter_id", i % 5 == 0 ? Json(1) : Json()},
                            {"level", i == 1   ? 50
                                      : i <= 5 ? 40
                                               : 20},
                            {"post_upload_count", dice.between(0, 5000)},
                            {"post_update_count", dice.between(0, 90'000)},
                            {"note_update_count", dice.between(0, 300)},
                            {"is_banned", dice.chance(0.1)},
                            {"is_deleted", false},
                            {"level_string", i == 1   ? "Owner"
                                             : i <= 5 ? "Moderator"
                                                      : "Member"}});
    created += dice.between(k_day, 90 * k_day);
  }
}

void add_pools(World& world, Dice& dice, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Json members = Json::array();
    std::set<PostId> seen;
    for (auto left = i % 9 == 4 ? 0 : dice.between(1, 40); left > 0; --left) {
      const PostId id = dice.pick(world.posts).id;
      if (seen.insert(id).second) members.push_back(id);  // the order is the pool's own, not that of the ids
    }
    const Life life = draw_life(dice, moment("2010-01-01") + static_cast<Moment>(i) * k_day);
    world.add_row(
        "pools",
        {{"name", fmt::format("{}_\xE6\xBC\xAB\xE7\x94\xBB_({})", i % 3 == 0 ? "A_\"Comic\"" : "Set:_things", i)},
         {"created_at", life.created_at},
         {"updated_at", life.updated_at},
         {"description", dice.pick(k_texts)},
         {"is_active", dice.chance(0.5)},
         {"is_deleted", i % 12 == 7},
         {"category", dice.chance(0.6) ? "series" : "collection"},
         {"post_ids", members},
         {"post_count", members.size()}});
  }
}

void add_notes(World& world, Dice& dice, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Post& post = world.posts[i * world.posts.size() / count];
    const Asset& asset = world.asset_of(post);
    const Life life = draw_life(dice, post.created_at);
    post.last_noted_at = std::max(post.last_noted_at, life.updated_at);
    world.add_row("notes", {{"created_at", life.created_at},
                            {"updated_at", life.updated_at},
                            {"post_id", post.id},
                            {"x", dice.between(0, std::max(0, asset.width / 2))},
                            {"y", dice.between(0, std::max(0, asset.height / 2))},
                            {"width", std::max(1, asset.width / 4)},
                            {"height", std::max(1, asset.height / 4)},
                            {"is_active", !dice.chance(0.1)},
                            {"body", fmt::format("{}\r\n<i>{}</i>", dice.pick(k_texts), i)},
                            {"version", dice.between(1, 4)}});
  }
}

void add_commentaries(World& world, Dice& dice, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Post& post = world.posts[i * world.posts.size() / count];
    const Life life = draw_life(dice, post.created_at);
    const bool is_deleted = i % 15 == 8;  // which only means that all is empty
    const auto text = [&] { return is_deleted ? std::string_view() : dice.pick(k_texts); };
    world.add_row("artist_commentaries", {{"post_id", post.id},
                                          {"original_title", text()},
                                          {"original_description", text()},
                                          {"translated_title", text()},
                                          {"translated_description", text()},
                                          {"created_at", life.created_at},
                                          {"updated_at", life.updated_at}});
  }
}

void add_artists(World& world, Dice& dice) {
  for (const Tag& tag : world.tags) {
    if (tag.category != 1) continue;
    const Life life = draw_life(dice, tag.created_at);
    const Json& artist = world.add_row(
        "artists", {{"created_at", life.created_at},
                    {"name", tag.name},
                    {"updated_at", life.updated_at},
                    {"is_deleted", dice.chance(0.03)},
                    {"group_name", dice.chance(0.2) ? "\xE3\x82\xB5\xE3\x83\xBC\xE3\x82\xAF\xE3\x83\xAB" : ""},
                    {"is_banned", dice.chance(0.02)},
                    {"other_names", {"\xE9\xA6\x99", tag.name + "_alt"}}});
    const Json artist_id = artist["id"];
    for (auto left = dice.between(0, 3); left > 0; --left) {
      world.add_row("artist_urls", {{"artist_id", artist_id},
                                    {"url", fmt::format("https://www.pixiv.net/users/{}", dice.between(1, 9'999'999))},
                                    {"created_at", life.created_at},
                                    {"updated_at", life.updated_at},
                                    {"is_active", dice.chance(0.9)}});
    }
  }
}

void add_relations(World& world, Dice& dice, std::string_view table, std::size_t count) {
  constexpr auto k_statuses = std::to_array<std::string_view>({"active", "active", "active", "deleted", "retired"});
  for (std::size_t i = 0; i < count; ++i) {
    const Tag& consequent = world.tags[dice.rank(world.tags.size() / 2)];
    const Life life = draw_life(dice, moment("2008-01-01") + static_cast<Moment>(i) * k_day);
    const bool is_alias = table == "tag_aliases";
    // An alias' old name has no posts: the empty end of the vocabulary.
    const std::size_t empty = world.tags.size() - 1 - i % (world.tags.size() / 20);
    const auto& antecedent = is_alias ? world.tags[empty].name : world.tags[dice.rank(world.tags.size() - 1)].name;
    if (antecedent == consequent.name) continue;
    std::string_view status = dice.pick(k_statuses);
    // One name leads to one tag.
    if (is_alias && i >= world.tags.size() / 20 && status == "active") status = "retired";
    world.add_row(table, {{"reason", ""},
                          {"creator_id", 1},
                          {"antecedent_name", antecedent},
                          {"consequent_name", consequent.name},
                          {"status", status},
                          {"forum_topic_id", Json()},
                          {"created_at", life.created_at},
                          {"updated_at", life.updated_at},
                          {"approver_id", dice.chance(0.5) ? Json(1) : Json()},
                          {"forum_post_id", Json()}});
  }
}

}  // namespace

void add_tables(World& world) {
  Dice dice(world.options.seed, 3);
  const std::size_t posts = world.posts.size();
  add_users(world, dice);
  add_pools(world, dice, 12 + posts / 100);
  add_notes(world, dice, 10 + posts / 20);
  add_commentaries(world, dice, std::min(posts, 10 + posts / 10));
  add_artists(world, dice);
  add_relations(world, dice, "tag_aliases", 40 + posts / 200);
  add_relations(world, dice, "tag_implications", 60 + posts / 200);
  for (const auto* table : {"post_versions", "post_replacements", "post_flags", "post_approvals", "mod_actions",
                            "note_versions", "pool_versions", "artist_commentary_versions"}) {
    world.rows[table];
  }
}

}  // namespace dbr::sim
