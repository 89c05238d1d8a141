// SPDX-License-Identifier: MIT
#include "dbr/metadata/post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "dbr/base/digest.hpp"
#include "json_parser.hpp"
#include "row.hpp"

namespace dbr::metadata {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// What a server says of sizes is bounded, so that sums of them are.
constexpr ByteCount k_largest_file = ByteCount{1} << 40;

// The first field whose value is not of the type the site sends, or nothing; null is like absent. A wrong type read as
// "absent" would turn a post into a withheld one. In dumps numbers may be texts of numbers.
std::string_view wrongly_typed_field(const Row& row, Sender sender) {
  const auto value_of = [&](std::string_view key) -> std::optional<element> {
    element value;
    if (row.fields()[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    return value;
  };
  for (const std::string_view key : {"rating", "md5", "file_ext", "file_url"}) {
    if (const auto value = value_of(key); value && !value->is_string()) return key;
  }
  for (const std::string_view key : {"file_size", "image_width", "image_height"}) {
    const auto value = value_of(key);
    if (!value) continue;
    const bool is_number = value->is_int64() || value->is_uint64();
    if (!is_number && !(sender == Sender::dump && row.number(key))) return key;
  }
  if (const auto value = value_of("is_deleted"); value && !value->is_bool() && sender == Sender::site)
    return "is_deleted";
  return {};
}

PostState state_of(const Row& row, const Post& post, Sender sender) {
  // A hidden post keeps its row but loses these keys (contract, section 3.4); a deleted one loses nothing. Dumps may
  // have no URLs at all.
  const bool is_hidden =
      post.md5.empty() || (sender == Sender::site ? post.file_url.empty() : row.is_true("is_banned"));
  if (is_hidden) return PostState::withheld;
  return row.is_true("is_deleted") ? PostState::deleted : PostState::live;
}

std::string pixel_hash_of(const Row& row) {
  object asset;
  if (row.fields()["media_asset"].get(asset) != simdjson::SUCCESS) return {};
  const std::string_view hash = Row(asset).text("pixel_hash");
  return is_hex(hash, 16) ? std::string(hash) : std::string();
}

}  // namespace

Result<Post> read_post(const element& value, Sender sender, PostId asked) {
  const auto refuse = [](std::string_view why) { return fail(ErrorKind::corrupt, fmt::format("not a post: {}", why)); };
  object fields;
  if (value.get(fields) != simdjson::SUCCESS) return refuse("no JSON object");
  const Row row(fields);
  Post post;
  const bool is_text = sender == Sender::site && !row.text("id").empty();
  post.id = is_text ? 0 : row.has("id") ? row.number("id").value_or(0) : asked;
  if (asked != 0 && post.id != asked) return refuse(fmt::format("asked for {}, it is {}", asked, post.id));
  if (post.id <= 0) return refuse("it has no id");
  // The site counts in 32 bits (contract, section 3.1).
  if (post.id > std::numeric_limits<std::int32_t>::max()) return refuse(fmt::format("no post has the id {}", post.id));
  const auto created_at = row.time("created_at");
  if (!created_at || *created_at < start_of_year(1) || *created_at >= start_of_year(9999))
    return refuse(fmt::format("post {} has no readable created_at", post.id));
  post.created_at = *created_at;
  post.updated_at = row.time("updated_at").value_or(Timestamp());
  if (const auto key = wrongly_typed_field(row, sender); !key.empty()) {
    return refuse(fmt::format("post {} has a {} of another type", post.id, key));
  }
  post.rating = row.text("rating");
  post.md5 = row.text("md5");
  if (!post.md5.empty() && !is_hex(post.md5, 16)) return refuse(fmt::format("post {} has a senseless md5", post.id));
  post.file_ext = row.text("file_ext");
  post.file_url = row.text("file_url");
  post.file_size = std::clamp<ByteCount>(row.number("file_size").value_or(0), 0, k_largest_file);
  post.uploader_id = row.number("uploader_id").value_or(0);
  post.approver_id = row.number("approver_id").value_or(0);
  post.parent_id = row.number("parent_id");
  post.is_deleted = row.is_true("is_deleted");
  post.state = state_of(row, post, sender);
  PackBase base = base_of(post);
  base.is_from_dump = sender == Sender::dump;
  post.record = pack(fields, base);
  return post;
}

PackBase base_of(const Post& post) {
  return {post.created_at, post.md5, post.file_size, post.rating};
}

std::string_view to_string(PostState state) {
  switch (state) {
    case PostState::live:
      return "live";
    case PostState::deleted:
      return "deleted";
    case PostState::withheld:
      return "withheld";
    case PostState::expunged:
      return "expunged";
    case PostState::unread:
      return "unread";
  }
  return "unknown";
}

std::string_view to_string(TagCategory category) {
  switch (category) {
    case TagCategory::general:
      return "general";
    case TagCategory::artist:
      return "artist";
    case TagCategory::copyright:
      return "copyright";
    case TagCategory::character:
      return "character";
    case TagCategory::meta:
      return "meta";
  }
  return "general";
}

std::vector<TagUse> by_category(std::vector<TagUse> tags) {
  std::set<std::string, std::less<>> seen;
  std::erase_if(tags, [&](const TagUse& tag) { return !seen.insert(tag.name).second; });
  for (TagUse& tag : tags) {
    if (tag.category == k_unknown_category) tag.category = static_cast<int>(TagCategory::general);
  }
  std::ranges::stable_sort(tags, {}, &TagUse::category);
  return tags;
}

Result<Post> parse_post(std::string_view json, PostId asked) {
  JsonParser parser;
  const auto row = parser.parse(json);
  if (!row) return fail(ErrorKind::corrupt, fmt::format("not a post: {}", row.error().message));
  return read_post(*row, Sender::site, asked);
}

RecordFacts read_facts(std::string_view json) {
  JsonParser parser;
  const auto fields = parser.parse_object(json);
  if (!fields) return {};
  const Row row(*fields);
  return {row.time("updated_at").value_or(Timestamp()),
          std::string(row.text("file_ext")),
          std::string(row.text("file_url")),
          row.number("parent_id"),
          row.is_true("is_deleted"),
          pixel_hash_of(row)};
}

Result<PostPage> parse_posts(std::string_view json) {
  JsonParser parser;
  DBR_TRY(const auto parsed, parser.parse(json));
  simdjson::dom::array rows;
  if (parsed.get(rows) != simdjson::SUCCESS) return fail(ErrorKind::corrupt, "no JSON array of posts");
  PostPage page;
  for (const element row : rows) {
    auto post = read_post(row, Sender::site);
    if (post) {
      page.posts.push_back(std::move(*post));
      continue;
    }
    object fields;
    const auto id = row.get(fields) == simdjson::SUCCESS ? Row(fields).number("id") : std::nullopt;
    page.refused.push_back({std::max<PostId>(id.value_or(0), 0), post.error().message});
  }
  std::ranges::sort(page.posts, {}, &Post::id);
  return page;
}

}  // namespace dbr::metadata
