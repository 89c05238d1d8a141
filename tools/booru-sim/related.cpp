// SPDX-License-Identifier: MIT
#include "related.hpp"

#include <algorithm>

#include "table.hpp"

namespace dbr::sim {

namespace {

Json missing() {
  return Json(Json::value_t::discarded);
}

/// The rows of `table` whose `key` is `value`.
Json rows_with(const World& world, std::string_view table, const std::string& key, const Json& value,
               const Viewer& viewer) {
  Json list = Json::array();
  const auto rows = world.rows.find(table);
  if (rows == world.rows.end()) return list;
  for (const auto& row : rows->second) {
    if (row.value(key, Json()) != value) continue;
    list.push_back(row);
    write_moments(list.back(), viewer);
  }
  return list;
}

Json first_or_null(const Json& list) {
  return list.empty() ? Json() : list.front();
}

Json post_object(const World& world, const Post& post, const Viewer& viewer) {
  std::string text;
  write_post(text, world, post, viewer);
  return Json::parse(text);
}

/// Frame times of an ugoira live only here.
Json media_metadata(const World& world, const Json& row) {
  const Post* post = world.find_post(row.value("id", PostId{0}));
  if (post == nullptr) return Json();
  Json metadata = {{"File:MIMEType", "image/jpeg"}};
  if (world.asset_of(*post).kind == PictureKind::ugoira) metadata["Ugoira:FrameDelays"] = {500, 500, 500};
  return {{"media_asset_id", world.asset_of(*post).id}, {"metadata", metadata}};
}

Json of_post(const World& world, const Json& row, std::string_view name, const Viewer& viewer) {
  const Json id = row.value("id", Json());
  if (name == "notes") return rows_with(world, "notes", "post_id", id, viewer);
  if (name == "replacements") return rows_with(world, "post_replacements", "post_id", id, viewer);
  if (name == "approvals") return rows_with(world, "post_approvals", "post_id", id, viewer);
  if (name == "flags") return rows_with(world, "post_flags", "post_id", id, viewer);
  if (name == "artist_commentary") return first_or_null(rows_with(world, "artist_commentaries", "post_id", id, viewer));
  if (name == "uploader")
    return first_or_null(rows_with(world, "users", "id", row.value("uploader_id", Json()), viewer));
  if (name == "approver")
    return first_or_null(rows_with(world, "users", "id", row.value("approver_id", Json()), viewer));
  if (name == "media_metadata") return media_metadata(world, row);
  if (name == "parent") {
    const Json parent_id = row.value("parent_id", Json());
    const Post* parent = parent_id.is_null() ? nullptr : world.find_post(parent_id.get<PostId>());
    return parent == nullptr ? Json() : post_object(world, *parent, viewer);
  }
  if (name == "children") {
    Json list = Json::array();
    for (const Post& post : world.posts) {
      if (!post.is_expunged && id == post.parent_id) list.push_back(post_object(world, post, viewer));
    }
    return list;
  }
  return missing();
}

}  // namespace

Related related_rows(const World& world, std::string_view table, const Viewer& viewer) {
  return [&world, table = std::string(table), viewer](const Json& row, std::string_view name) {
    if (table == "posts") return of_post(world, row, name, viewer);
    if (table == "artists" && name == "urls") return rows_with(world, "artist_urls", "artist_id", row["id"], viewer);
    if (name == "post") {
      if (table == "media_assets") {
        const auto index = std::lower_bound(world.assets.begin(), world.assets.end(), row["id"].get<std::int64_t>(),
                                            [](const Asset& asset, std::int64_t id) { return asset.id < id; });
        const Post* post = index == world.assets.end() ? nullptr : world.find_post(index->post_id);
        return post == nullptr ? Json() : post_object(world, *post, viewer);
      }
      if (!row.contains("post_id")) return missing();
      const Post* post = world.find_post(row["post_id"].get<PostId>());
      return post == nullptr ? Json() : post_object(world, *post, viewer);
    }
    return missing();
  };
}

}  // namespace dbr::sim
