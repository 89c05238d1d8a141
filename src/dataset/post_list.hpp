// SPDX-License-Identifier: MIT
// The posts of one tag in one chunk as bytes: distances where there are few, a Roaring bitmap where that is smaller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <roaring/roaring.hh>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

// Before 0.3 CRoaring's class was in no namespace.
namespace roaring {}

namespace dbr::dataset {
namespace any_roaring {
using namespace ::roaring;  // NOLINT(google-build-using-namespace)
using Bitmap = Roaring;
}  // namespace any_roaring

/// Places in a chunk.
using Places = any_roaring::Bitmap;

/// A chunk is 2^21 IDs, so that one in the making stays below some 100 MB at 30 tags a post.
inline constexpr int k_chunk_bits = 21;
inline std::int64_t chunk_of(PostId id) {
  return id >> k_chunk_bits;
}
inline std::uint32_t place_in_chunk(PostId id) {
  return static_cast<std::uint32_t>(id & ((PostId{1} << k_chunk_bits) - 1));
}

/// Where table tag_posts has the list of a tag.
inline std::int64_t list_key(std::int64_t chunk, std::uint64_t tag) {
  return (chunk << 32) + static_cast<std::int64_t>(tag);
}

/// Grows by ascending places.
class PostListBuilder {
 public:
  void add(std::uint32_t place);
  std::string bytes() const;

 private:
  std::string m_distances;
  std::uint32_t m_next = 0;
  std::uint32_t m_count = 0;
};

std::string write_post_list(const Places& places);
/// Kind corrupt for bytes that are no list.
Result<Places> read_post_list(std::string_view bytes);

}  // namespace dbr::dataset
