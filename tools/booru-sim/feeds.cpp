// SPDX-License-Identifier: MIT
#include "feeds.hpp"

#include <algorithm>
#include <iterator>

namespace dbr::sim {

namespace {

Json or_null(std::int64_t number) {
  return number == 0 ? Json() : Json(number);
}

/// The words of `a` that `b` has not.
std::vector<std::string> words_missing(std::string_view a, std::string_view b) {
  auto left = split(a, ' ');
  auto right = split(b, ' ');
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  std::vector<std::string> missing;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(missing));
  std::erase(missing, "");
  return missing;
}

int number_of(std::string_view category) {
  if (category == "post_delete") return 41;
  if (category == "post_undelete") return 42;
  if (category == "post_ban") return 44;
  if (category == "post_unban") return 45;
  return 43;  // post_permanent_delete
}

}  // namespace

PostBefore state_before(const World& world, const Post& post) {
  return {
      .tag_string = world.tag_string(post), .rating = post.rating, .parent_id = post.parent_id, .source = post.source};
}

void add_post_version(World& world, const Post& post, const PostBefore* before, Moment at) {
  const std::string tags = world.tag_string(post);
  const std::string old_tags = before == nullptr ? "" : before->tag_string;
  auto& versions = world.rows["post_versions"];
  std::int64_t version = 1;
  if (before != nullptr) {
    version += std::max<std::int64_t>(
        1, std::count_if(versions.begin(), versions.end(), [&](const Json& row) { return row["post_id"] == post.id; }));
  }
  world.add_row("post_versions",
                {{"updated_at", at},
                 {"post_id", post.id},
                 {"updater_id", post.uploader_id},
                 {"version", version},
                 {"parent_changed", before != nullptr ? before->parent_id != post.parent_id : post.parent_id != 0},
                 {"rating_changed", before == nullptr || before->rating != post.rating},
                 {"source_changed", before != nullptr ? before->source != post.source : !post.source.empty()},
                 {"parent_id", or_null(post.parent_id)},
                 {"rating", std::string(1, post.rating)},
                 {"source", post.source},
                 {"tags", tags},
                 {"added_tags", words_missing(tags, old_tags)},
                 {"removed_tags", words_missing(old_tags, tags)},
                 {"obsolete_added_tags", ""},
                 {"obsolete_removed_tags", ""},
                 {"unchanged_tags", ""}});
}

void add_post_replacement(World& world, const Post& post, const Asset& before, Moment at) {
  const Asset& asset = world.asset_of(post);
  world.add_row("post_replacements", {{"post_id", post.id},
                                      {"creator_id", 1},
                                      {"original_url", "https://example.org/" + before.md5},
                                      {"replacement_url", post.source},
                                      {"created_at", at},
                                      {"updated_at", at},
                                      {"old_file_ext", before.ext},
                                      {"old_file_size", before.size},
                                      {"old_image_width", before.width},
                                      {"old_image_height", before.height},
                                      {"old_md5", before.md5},
                                      {"file_ext", asset.ext},
                                      {"file_size", asset.size},
                                      {"image_width", asset.width},
                                      {"image_height", asset.height},
                                      {"md5", asset.md5},
                                      {"media_asset_id", asset.id},
                                      {"old_media_asset_id", before.id}});
}

void add_post_flag(World& world, const Post& post, std::string_view status, Moment at) {
  world.add_row("post_flags", {{"created_at", at},
                               {"post_id", post.id},
                               {"reason", "Unapproved in three days"},
                               {"updated_at", at},
                               {"status", status},
                               {"category", status == "pending" ? "normal" : "deleted"}});
}

void add_post_approval(World& world, const Post& post, Moment at) {
  world.add_row("post_approvals", {{"user_id", 2}, {"post_id", post.id}, {"created_at", at}, {"updated_at", at}});
}

void add_mod_action(World& world, std::string_view category, std::string_view description, PostId subject, Moment at) {
  world.add_row("mod_actions", {{"creator_id", 1},
                                {"description", description},
                                {"created_at", at},
                                {"updated_at", at},
                                {"category", category},
                                {"subject_type", subject == 0 ? Json() : Json("Post")},
                                {"subject_id", or_null(subject)},
                                {"category_id", number_of(category)}});
}

void add_thing_version(World& world, std::string_view table, std::string_view id_name, const Json& thing, Moment at) {
  Json row = {{std::string(id_name), thing["id"]}};
  for (const auto& [key, value] : thing.items()) {
    if (key != "id" && key != "created_at" && key != "updated_at") row[key] = value;
  }
  row["updater_id"] = 1;
  row["created_at"] = at;
  row["updated_at"] = at;
  world.add_row(table, std::move(row));
}

}  // namespace dbr::sim
