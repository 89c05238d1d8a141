// SPDX-License-Identifier: MIT
// A post as the site or a dump has it: the fields dbr decides by, typed, and the whole record, unknown fields
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
#include "dbr/metadata/packed.hpp"

namespace dbr::metadata {

/// What became of an ID. `expunged` is a gap: the site knows no such post. `unread`: it sent a row that is no post.
enum class PostState : int { live = 0, deleted = 1, withheld = 2, expunged = 3, unread = 4 };

std::string_view to_string(PostState state);

struct Post {
  PostId id = 0;
  PostState state = PostState::live;
  Timestamp created_at{};
  Timestamp updated_at{};  ///< the epoch when the record does not say
  std::string rating;      ///< one letter: g, s, q or e; s meant "safe" before 2022-05-22
  std::string md5;         ///< 32 lower-case hex digits; empty when withheld
  std::string file_ext;    ///< as sent, not yet trusted
  std::string file_url;    ///< as sent (absolute or relative), not yet trusted; empty when withheld or not known
  ByteCount file_size = 0;
  std::int64_t uploader_id = 0;
  std::int64_t approver_id = 0;  ///< 0: none
  std::optional<PostId> parent_id;
  bool is_deleted = false;  ///< also of withheld ones
  Packed record;            ///< packed with base_of(post)
};

/// What a post's record is packed with.
PackBase base_of(const Post& post);

/// The site's categories; 2 was never used (contract, section 5).
enum class TagCategory : int { general = 0, artist = 1, copyright = 3, character = 4, meta = 5 };
inline constexpr std::array k_tag_categories = {TagCategory::general, TagCategory::artist, TagCategory::copyright,
                                                TagCategory::character, TagCategory::meta};
std::string_view to_string(TagCategory category);

/// For those who list tags: by category, then in the record's order, each name once; unknown categories are general.
std::vector<TagUse> by_category(std::vector<TagUse> tags);

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
/// What a record kept says that has no column of its own.
struct RecordFacts {
  Timestamp updated_at{};
  std::string file_ext;
  std::string file_url;
  std::optional<PostId> parent_id;
  bool is_deleted = false;
  std::string pixel_hash;  ///< of its media asset: 32 lower-case hex digits, or empty
};
RecordFacts read_facts(std::string_view json);
/// A JSON array of posts. Kind corrupt when it is not an array; single bad rows are listed, not fatal.
Result<PostPage> parse_posts(std::string_view json);

}  // namespace dbr::metadata
