// SPDX-License-Identifier: MIT
// Changes of everything that is not a post.
#include <algorithm>
#include <array>

#include "change_kinds.hpp"
#include "feeds.hpp"

namespace dbr::sim {

namespace {

std::vector<std::int64_t> ids_in(const World& world, std::string_view table) {
  std::vector<std::int64_t> ids;
  const auto rows = world.rows.find(table);
  if (rows == world.rows.end()) return ids;
  for (const auto& row : rows->second) ids.push_back(row["id"].get<std::int64_t>());
  return ids;
}

std::vector<std::int64_t> any_tag(const World& world) {
  std::vector<std::int64_t> ids;
  for (const Tag& tag : world.tags) ids.push_back(tag.id);
  return ids;
}
std::vector<std::int64_t> any_pool(const World& world) {
  return ids_in(world, "pools");
}
std::vector<std::int64_t> any_note(const World& world) {
  return ids_in(world, "notes");
}
std::vector<std::int64_t> any_commentary(const World& world) {
  return ids_in(world, "artist_commentaries");
}
std::vector<std::int64_t> any_artist(const World& world) {
  return ids_in(world, "artists");
}
std::vector<std::int64_t> any_alias(const World& world) {
  return ids_in(world, "tag_aliases");
}
std::vector<std::int64_t> any_implication(const World& world) {
  return ids_in(world, "tag_implications");
}

Tag& tag_with(World& world, std::int64_t id) {
  return *std::lower_bound(world.tags.begin(), world.tags.end(), id,
                           [](const Tag& tag, std::int64_t i) { return tag.id < i; });
}

/// The tag_string_* of its posts change at once; their tag_count_* and updated_at wait for a job.
void recategorise(World& world, std::int64_t id, Moment at) {
  Tag& tag = tag_with(world, id);
  world.recategorised.push_back(world.tag_by_name.at(tag.name));
  tag.category = tag.category == 0 ? 4 : 0;
  tag.updated_at = at;
}

void deprecate(World& world, std::int64_t id, Moment at) {
  Tag& tag = tag_with(world, id);
  tag.is_deprecated = !tag.is_deprecated;
  tag.updated_at = at;
}

/// The first post goes to the end, and a new one joins.
void edit_pool(World& world, std::int64_t id, Moment at) {
  Json& pool = *world.find_row("pools", id);
  auto& members = pool["post_ids"];
  if (!members.empty()) {
    const Json first = members.front();
    members.erase(members.begin());
    members.push_back(first);
  }
  const Post& joining = world.dice.pick(world.posts);
  if (!joining.is_expunged && std::find(members.begin(), members.end(), Json(joining.id)) == members.end()) {
    members.push_back(joining.id);
  }
  pool["post_count"] = members.size();
  pool["updated_at"] = at;
  add_thing_version(world, "pool_versions", "pool_id", pool, at);
}

void delete_pool(World& world, std::int64_t id, Moment at) {
  Json& pool = *world.find_row("pools", id);
  pool["is_deleted"] = true;
  pool["updated_at"] = at;
}

/// The post's last_noted_at moves, its updated_at does not.
void touch_note(World& world, Json& note, Moment at) {
  note["version"] = note["version"].get<int>() + 1;
  note["updated_at"] = at;
  if (Post* post = world.find_post(note["post_id"].get<PostId>())) post->last_noted_at = at;
  add_thing_version(world, "note_versions", "note_id", note, at);
}

void edit_note(World& world, std::int64_t id, Moment at) {
  Json& note = *world.find_row("notes", id);
  note["body"] = note["body"].get<std::string>() + "\r\nedited";
  touch_note(world, note, at);
}

void delete_note(World& world, std::int64_t id, Moment at) {
  Json& note = *world.find_row("notes", id);
  note["is_active"] = false;
  touch_note(world, note, at);
}

void edit_commentary(World& world, std::int64_t id, Moment at) {
  Json& row = *world.find_row("artist_commentaries", id);
  row["translated_description"] = row["translated_description"].get<std::string>() + " edited";
  row["updated_at"] = at;
  add_thing_version(world, "artist_commentary_versions", "artist_commentary_id", row, at);
}

/// A new URL touches the artist, too.
void edit_artist(World& world, std::int64_t id, Moment at) {
  Json& artist = *world.find_row("artists", id);
  artist["other_names"].push_back("edited_name");
  artist["updated_at"] = at;
  world.add_row("artist_urls", {{"artist_id", id},
                                {"url", "https://example.org/edited/" + std::to_string(at)},
                                {"created_at", at},
                                {"updated_at", at},
                                {"is_active", true}});
}

void flip_status(Json& relation, Moment at) {
  relation["status"] = relation["status"] == "active" ? "deleted" : "active";
  relation["updated_at"] = at;
}

void flip_alias(World& world, std::int64_t id, Moment at) {
  Json& alias = *world.find_row("tag_aliases", id);
  const auto& all = world.rows["tag_aliases"];
  const bool is_taken = std::any_of(all.begin(), all.end(), [&](const Json& other) {
    return other["id"] != id && other["antecedent_name"] == alias["antecedent_name"] && other["status"] == "active";
  });
  flip_status(alias, at);
  if (is_taken) alias["status"] = "retired";  // one name leads to one tag
}
void flip_implication(World& world, std::int64_t id, Moment at) {
  flip_status(*world.find_row("tag_implications", id), at);
}

constexpr auto k_table_changes =
    std::to_array<ChangeKind>({{"recategorise", "recategorise_tag", any_tag, recategorise},
                               {"deprecations", "deprecate_tag", any_tag, deprecate},
                               {"pool_edits", "edit_pool", any_pool, edit_pool},
                               {"pool_deletions", "delete_pool", any_pool, delete_pool},
                               {"note_edits", "edit_note", any_note, edit_note},
                               {"note_deletions", "delete_note", any_note, delete_note},
                               {"commentary_edits", "edit_commentary", any_commentary, edit_commentary},
                               {"artist_edits", "edit_artist", any_artist, edit_artist},
                               {"alias_flips", "flip_alias", any_alias, flip_alias},
                               {"implication_flips", "flip_implication", any_implication, flip_implication}});

}  // namespace

Json run_category_jobs(World& world, Moment at) {
  Json ids = Json::array();
  for (const TagIndex tag : world.recategorised) world.tags[tag].counted_category = world.tags[tag].category;
  for (Post& post : world.posts) {
    const bool has_one = std::any_of(post.tags.begin(), post.tags.end(), [&](TagIndex tag) {
      return std::find(world.recategorised.begin(), world.recategorised.end(), tag) != world.recategorised.end();
    });
    if (!has_one || post.is_expunged) continue;
    post.updated_at = at;
    ids.push_back(post.id);
  }
  world.recategorised.clear();
  return ids;
}

std::span<const ChangeKind> table_changes() {
  return k_table_changes;
}

}  // namespace dbr::sim
