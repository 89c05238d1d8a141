// SPDX-License-Identifier: MIT
#include "dbr/metadata/post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "dbr/base/digest.hpp"
#include "json.hpp"

namespace dbr::metadata {
namespace {

using Json = nlohmann::ordered_json;

// What a server says of sizes is bounded, so that sums of them are.
constexpr ByteCount k_largest_file = ByteCount{1} << 40;

std::string string_field(const Json& row, const char* key) {
  const auto field = row.find(key);
  return field != row.end() && field->is_string() ? field->get<std::string>() : std::string();
}

std::int64_t integer_field(const Json& row, const char* key) {
  const auto field = row.find(key);
  return field != row.end() && field->is_number_integer() ? field->get<std::int64_t>() : 0;
}

bool bool_field(const Json& row, const char* key) {
  const auto field = row.find(key);
  return field != row.end() && field->is_boolean() && field->get<bool>();
}

// The first field whose value is not of the type the site sends, or nothing; null is like absent. A wrong type read as
// "absent" would turn a post into a withheld one.
std::string_view wrongly_typed_field(const Json& row) {
  const auto is_wrong = [&](std::string_view key, bool (Json::*is_right)() const noexcept) {
    const auto field = row.find(key);
    return field != row.end() && !field->is_null() && !((*field).*is_right)();
  };
  for (const std::string_view key : {"rating", "md5", "file_ext", "file_url"}) {
    if (is_wrong(key, &Json::is_string)) return key;
  }
  for (const std::string_view key : {"file_size", "image_width", "image_height"}) {
    if (is_wrong(key, &Json::is_number_integer)) return key;
  }
  return is_wrong("is_deleted", &Json::is_boolean) ? "is_deleted" : std::string_view();
}

PostState state_of(const Json& row, const Post& post) {
  // A hidden post keeps its row but loses these keys (contract, section 3.4); a deleted one loses nothing.
  if (post.md5.empty() || post.file_url.empty()) return PostState::withheld;
  return bool_field(row, "is_deleted") ? PostState::deleted : PostState::live;
}

Result<Post> read_post(const Json& row, PostId asked = 0) {
  const auto refuse = [](std::string_view why) { return fail(ErrorKind::corrupt, fmt::format("not a post: {}", why)); };
  if (!row.is_object()) return refuse("no JSON object");
  Post post;
  post.id = row.contains("id") ? integer_field(row, "id") : asked;
  if (asked != 0 && post.id != asked) return refuse(fmt::format("asked for {}, it is {}", asked, post.id));
  if (post.id <= 0) return refuse("it has no id");
  // The site counts in 32 bits (contract, section 3.1).
  if (post.id > std::numeric_limits<std::int32_t>::max()) return refuse(fmt::format("no post has the id {}", post.id));
  const auto created_at = parse_timestamp(string_field(row, "created_at"));
  if (!created_at) return refuse(fmt::format("post {} has no readable created_at", post.id));
  post.created_at = *created_at;
  if (const auto key = wrongly_typed_field(row); !key.empty()) {
    return refuse(fmt::format("post {} has a {} of another type", post.id, key));
  }
  post.rating = string_field(row, "rating");
  post.md5 = string_field(row, "md5");
  if (!post.md5.empty() && !is_hex(post.md5, 16)) return refuse(fmt::format("post {} has a senseless md5", post.id));
  post.file_ext = string_field(row, "file_ext");
  post.file_url = string_field(row, "file_url");
  post.file_size = std::clamp<ByteCount>(integer_field(row, "file_size"), 0, k_largest_file);
  post.image_width = static_cast<int>(integer_field(row, "image_width"));
  post.image_height = static_cast<int>(integer_field(row, "image_height"));
  post.state = state_of(row, post);
  // Invalid UTF-8 cannot get here: the parser refuses it.
  post.json = row.dump();
  return post;
}

}  // namespace

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

Result<Post> parse_post(std::string_view json, PostId asked) {
  const Json row = parse_json(json);
  if (row.is_discarded()) return fail(ErrorKind::corrupt, "not a post: no JSON");
  return read_post(row, asked);
}

Result<PostPage> parse_posts(std::string_view json) {
  const Json rows = parse_json(json);
  if (!rows.is_array()) return fail(ErrorKind::corrupt, "no JSON array of posts");
  PostPage page;
  for (const Json& row : rows) {
    auto post = read_post(row);
    if (post) {
      page.posts.push_back(std::move(*post));
    } else {
      const PostId id = row.is_object() ? integer_field(row, "id") : 0;
      page.refused.push_back({std::max<PostId>(id, 0), post.error().message});
    }
  }
  std::ranges::sort(page.posts, {}, &Post::id);
  return page;
}

std::vector<TagUse> parse_tags(std::string_view post_json) {
  const Json row = parse_json(post_json);
  std::vector<TagUse> tags;
  std::set<std::string, std::less<>> seen;
  const auto add_all = [&](const std::string& names, TagCategory category) {
    std::size_t at = 0;
    while (at < names.size()) {
      const std::size_t end = std::min(names.find(' ', at), names.size());
      // Duplicates occur in real rows (contract, section 6.2).
      if (end > at && seen.insert(names.substr(at, end - at)).second) {
        tags.push_back({names.substr(at, end - at), category});
      }
      at = end + 1;
    }
  };
  for (const TagCategory category : k_tag_categories) {
    add_all(string_field(row, fmt::format("tag_string_{}", to_string(category)).c_str()), category);
  }
  // Before 2017-11-06 there was no meta category, and a tag may be in no split string: the whole list decides.
  add_all(string_field(row, "tag_string"), TagCategory::general);
  return tags;
}

}  // namespace dbr::metadata
