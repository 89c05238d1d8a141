// SPDX-License-Identifier: MIT
// A post as the site sends it: the fields dbr decides by, typed, and the whole record as received, unknown fields
// included. Field names and meanings: the API contract, section 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"

namespace dbr::metadata {

/// What became of an ID. `expunged` is a gap: the site knows no such post. `unread`: it sent a row that is no post.
enum class PostState : int { live = 0, deleted = 1, withheld = 2, expunged = 3, unread = 4 };

std::string_view to_string(PostState state);

struct Post {
  PostId id = 0;
  PostState state = PostState::live;
  Timestamp created_at{};
  std::string rating;    ///< one letter: g, s, q or e; s meant "safe" before 2022-05-22
  std::string md5;       ///< 32 lower-case hex digits; empty when withheld
  std::string file_ext;  ///< as sent, not yet trusted
  std::string file_url;  ///< as sent (absolute or relative), not yet trusted; empty when withheld
  ByteCount file_size = 0;
  int image_width = 0;
  int image_height = 0;
  std::string json;  ///< the record as received, compact
};

/// Tag names by category, in the site's order, without duplicates.
enum class TagCategory : int { general = 0, artist = 1, copyright = 3, character = 4, meta = 5 };
inline constexpr std::array k_tag_categories = {TagCategory::general, TagCategory::artist, TagCategory::copyright,
                                                TagCategory::character, TagCategory::meta};
std::string_view to_string(TagCategory category);

struct TagUse {
  std::string name;
  TagCategory category = TagCategory::general;
};

/// A row the site sent that cannot be used, and why.
struct RefusedRow {
  PostId id = 0;  ///< 0 when it has none: hidden posts between 2020-07-13 and 2022-10-10 (contract, section 3.4)
  std::string reason;
};

struct PostPage {
  std::vector<Post> posts;  ///< in ascending ID order, whatever order they came in
  std::vector<RefusedRow> refused;
};

/// One JSON object. Kind corrupt when it is not a post (no ID, no readable creation time, wrong types). `asked` is the
/// ID it was asked for by: hidden posts did not name their own for some years, and another one's row is refused.
Result<Post> parse_post(std::string_view json, PostId asked = 0);
/// A JSON array of posts. Kind corrupt when it is not an array; single bad rows are listed, not fatal.
Result<PostPage> parse_posts(std::string_view json);

/// The tags of a record that parse_post accepted, ordered by category, then as sent.
std::vector<TagUse> parse_tags(std::string_view post_json);

}  // namespace dbr::metadata
