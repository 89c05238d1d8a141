// SPDX-License-Identifier: MIT
#include "truth.hpp"

#include <mutex>

#include "page.hpp"
#include "table.hpp"

namespace dbr::sim {

namespace {

std::string_view state_of(const World& world, const Post& post) {
  if (post.is_expunged) return "expunged";
  if (world.is_withheld(post)) return "withheld";
  return post.is_deleted ? "deleted" : "live";
}

Json post_truth(const World& world, const Post& post) {
  const Asset& asset = world.asset_of(post);
  return {{"id", post.id},
          {"state", state_of(world, post)},
          {"created_at", in_utc(post.created_at)},
          {"updated_at", in_utc(post.updated_at)},
          {"rating", std::string(1, post.rating)},
          {"md5", asset.md5},
          {"served_md5", asset.served_md5},
          {"stored_md5_is_wrong", asset.md5 != asset.served_md5},
          {"absent", asset.is_absent || asset.is_expunged},
          {"file_ext", asset.ext},
          {"file_size", asset.size},
          {"image_width", asset.width},
          {"image_height", asset.height},
          {"kind", name(asset.kind)},
          {"media_asset_id", asset.id},
          {"tag_string", world.tag_string(post)},
          {"tag_string_general", world.tag_string(post, 0)},
          {"tag_string_artist", world.tag_string(post, 1)},
          {"tag_string_copyright", world.tag_string(post, 3)},
          {"tag_string_character", world.tag_string(post, 4)},
          {"tag_string_meta", world.tag_string(post, 5)},
          {"source", post.source},
          {"parent_id", post.parent_id == 0 ? Json() : Json(post.parent_id)},
          {"score", post.up_score + post.down_score},
          {"fav_count", post.fav_count},
          {"is_deleted", post.is_deleted},
          {"is_banned", post.is_banned},
          {"is_pending", post.is_pending},
          {"is_flagged", post.is_flagged}};
}

void append(std::string& text, const std::string& row) {
  if (text.size() > 1) text += ",\n";
  text += row;
}

}  // namespace

std::string truth_text(const World& world, std::string_view table_name) {
  const std::shared_lock lock(world.mutex);
  std::string text = "[";
  if (table_name == "posts") {
    for (const Post& post : world.posts) append(text, post_truth(world, post).dump());
    return text + "]";
  }
  const Viewer viewer{.host = "sim", .is_utc = true};
  const auto table = open_table(world, table_name, viewer);
  for (std::size_t i = 0; table && i < table->count; ++i) {
    Json row = table->row_at(i);
    write_moments(row, viewer);
    append(text, row.dump());
  }
  return text + "]";
}

std::string served_text(const World& world, std::string_view table_name, std::int64_t after, std::int64_t limit,
                        const Viewer& viewer) {
  const std::shared_lock lock(world.mutex);
  const Page page{.kind = Page::Kind::above, .value = after, .limit = limit};
  const auto all = [](std::size_t) { return true; };
  std::string text = "[";
  if (table_name == "posts") {
    const auto exists = [&](std::size_t i) { return !world.posts[i].is_expunged; };
    auto found = keyset_page(
        page, world.posts.size(), [&](std::size_t i) { return world.posts[i].id; }, exists);
    std::reverse(found.begin(), found.end());
    for (const std::size_t i : found) {
      std::string row;
      write_post(row, world, world.posts[i], viewer);
      append(text, row);
    }
    return text + "]";
  }
  const auto table = open_table(world, table_name, viewer);
  if (!table) return text + "]";
  auto found = keyset_page(page, table->count, table->id_at, all);
  std::reverse(found.begin(), found.end());
  for (const std::size_t i : found) {
    Json row = table->row_at(i);
    write_moments(row, viewer);
    append(text, row.dump());
  }
  return text + "]";
}

std::string kinds_text(const World& world) {
  const std::shared_lock lock(world.mutex);
  std::string text = "{";
  for (const Post& post : world.posts) {
    append(text, "\"" + std::to_string(post.id) + "\":\"" + std::string(name(world.asset_of(post).kind)) + "\"");
  }
  return text + "}";
}

}  // namespace dbr::sim
