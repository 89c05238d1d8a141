// SPDX-License-Identifier: MIT
#include "change_feeds.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace dbr::stages {
namespace {

using Json = nlohmann::json;

std::optional<PostId> integer(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<PostId>();
}

// "permanently deleted post #123 (md5=...)": such an action has no subject any more.
std::optional<PostId> post_in(std::string_view description) {
  constexpr std::string_view k_mark = "post #";
  const auto mark = description.find(k_mark);
  if (mark == std::string_view::npos) return std::nullopt;
  const char* const begin = description.data() + mark + k_mark.size();
  PostId id = 0;
  if (std::from_chars(begin, description.data() + description.size(), id).ec != std::errc()) return std::nullopt;
  return id;
}

}  // namespace

site::Selection changed_since(std::string_view table, Timestamp since) {
  // With its zone: without one the site takes the user's.
  return {.table = std::string(table), .search = {{"updated_at", fmt::format(">={}", format_timestamp(since))}}};
}

std::vector<site::Selection> change_feeds(Timestamp since) {
  const std::string from = fmt::format(">={}", format_timestamp(since));
  std::vector<site::Selection> feeds = {
      {.table = "post_versions",
       .search = {{"updated_at", from}},
       .only = "id,updated_at,post_id,parent_changed,parent_id"},
      {.table = "post_replacements", .search = {{"created_at", from}}, .only = "id,created_at,post_id"},
      {.table = "post_flags", .search = {{"updated_at", from}}, .only = "id,created_at,post_id,status"},
      {.table = "post_approvals", .search = {{"created_at", from}}, .only = "id,created_at,post_id,user_id"},
      {.table = "mod_actions",
       .search = {{"created_at", from}, {"category", "post_ban,post_unban,post_permanent_delete"}},
       .only = "id,created_at,category,description,subject_type,subject_id"},
      {.table = "media_assets",
       .search = {{"updated_at", from}, {"is_posted", "true"}},
       .only = "id,created_at,post[id]",
       .page_size = 200},
  };
  for (site::Selection& feed : feeds) feed.is_optional = true;
  return feeds;
}

NamedPosts named_posts(const metadata::Record& row) {
  NamedPosts named;
  const auto text = metadata::unpack(row.record, {});
  const Json json = text ? Json::parse(*text, nullptr, false) : Json();
  if (!json.is_object()) return named;
  const auto add = [&](std::optional<PostId> id) {
    if (id && *id > 0) named.changed.push_back(*id);
  };
  add(integer(json, "post_id"));
  if (const auto post = json.find("post"); post != json.end() && post->is_object()) add(integer(*post, "id"));
  if (const auto description = json.find("description"); description != json.end() && description->is_string()) {
    const bool has_subject = json.value("subject_type", Json()) == "Post";
    add(has_subject ? integer(json, "subject_id") : post_in(description->get_ref<const std::string&>()));
    named.concerns_parents = true;
  }
  if (json.value("parent_changed", Json()) == true) {
    add(integer(json, "parent_id"));
    named.concerns_parents = true;
  }
  // Flags say when a post was deleted, approvals when it came back.
  if (json.contains("status") || json.contains("user_id")) named.concerns_parents = true;
  return named;
}

}  // namespace dbr::stages
