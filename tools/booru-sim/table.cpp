// SPDX-License-Identifier: MIT
#include "table.hpp"

#include <algorithm>

namespace dbr::sim {

namespace {

Json tag_row(const Tag& tag) {
  Json words = Json::array();
  for (auto& word : split(tag.name, '_')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return {{"id", tag.id},
          {"name", tag.name},
          {"post_count", tag.post_count},
          {"category", tag.category},
          {"created_at", tag.created_at},
          {"updated_at", tag.updated_at},
          {"is_deprecated", tag.is_deprecated},
          {"words", words}};
}

Json asset_columns(const Asset& asset) {
  return {{"id", asset.id},
          {"created_at", asset.created_at},
          {"updated_at", asset.updated_at},
          {"md5", asset.md5},
          {"file_ext", asset.ext},
          {"status", asset.is_expunged ? "expunged" : "active"},
          {"is_posted", asset.post_id != 0}};
}

Json asset_row(const World& world, const Asset& asset, const Viewer& viewer) {
  const Post* post = world.find_post(asset.post_id);
  std::string text;
  write_asset(text, asset, post != nullptr && world.is_withheld(*post), viewer);
  Json row = Json::parse(text);
  row["created_at"] = asset.created_at;
  row["updated_at"] = asset.updated_at;
  return row;
}

/// Flags, approvals and replacements in one SQL view, newest first; it has no id of its own.
std::vector<Json> post_events(const World& world) {
  std::vector<Json> events;
  const auto add = [&](std::string_view table, std::string_view model, std::string_view creator) {
    const auto found = world.rows.find(table);
    if (found == world.rows.end()) return;
    for (const auto& row : found->second) {
      events.push_back({{"model_type", model},
                        {"model_id", row["id"]},
                        {"post_id", row["post_id"]},
                        {"creator_id", row.value(std::string(creator), 1)},
                        {"event_at", row["created_at"]}});
    }
  };
  add("post_flags", "PostFlag", "creator_id");
  add("post_approvals", "PostApproval", "user_id");
  add("post_replacements", "PostReplacement", "creator_id");
  std::stable_sort(events.begin(), events.end(), [](const Json& a, const Json& b) {
    return b["event_at"].get<Moment>() < a["event_at"].get<Moment>();
  });
  return events;
}

}  // namespace

std::optional<Table> open_table(const World& world, std::string_view name, const Viewer& viewer) {
  Table table{.name = std::string(name)};
  if (name == "tags") {
    table.count = world.tags.size();
    table.id_at = [&world](std::size_t i) { return world.tags[i].id; };
    table.row_at = [&world](std::size_t i) { return tag_row(world.tags[i]); };
    table.columns_at = table.row_at;
    return table;
  }
  if (name == "media_assets") {
    table.count = world.assets.size();
    table.max_limit = 200;
    table.id_at = [&world](std::size_t i) { return world.assets[i].id; };
    table.row_at = [&world, viewer](std::size_t i) { return asset_row(world, world.assets[i], viewer); };
    table.columns_at = [&world](std::size_t i) { return asset_columns(world.assets[i]); };
    return table;
  }
  if (name == "post_events") {
    auto events = post_events(world);
    table.count = events.size();
    table.has_id = false;
    table.id_at = [](std::size_t i) { return static_cast<std::int64_t>(i); };
    // Read from the back, as all tables are.
    table.row_at = [events = std::move(events)](std::size_t i) { return events[events.size() - 1 - i]; };
    table.columns_at = table.row_at;
    return table;
  }
  const auto found = world.rows.find(name);
  if (found == world.rows.end()) return std::nullopt;
  const auto& rows = found->second;
  table.count = rows.size();
  table.id_at = [&rows](std::size_t i) { return rows[i]["id"].get<std::int64_t>(); };
  table.row_at = [&rows](std::size_t i) { return rows[i]; };
  table.columns_at = table.row_at;
  if (name == "pools" || name == "pool_versions") table.default_order = "updated_at";
  return table;
}

std::vector<std::string> table_names(const World& world) {
  std::vector<std::string> names = {"tags", "media_assets", "post_events"};
  for (const auto& [name, rows] : world.rows) names.push_back(name);
  return names;
}

void write_moments(Json& row, const Viewer& viewer) {
  for (auto& [key, value] : row.items()) {
    if (value.is_number_integer() && key.ends_with("_at")) value = viewer.time(value.get<Moment>());
  }
}

}  // namespace dbr::sim
