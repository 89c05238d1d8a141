// SPDX-License-Identifier: MIT
// A record's compact form, from which the JSON object comes back value for value: numbers, nulls, texts of numbers,
// absent keys, the order of keys and tags. Its shape (which keys, which kinds of values) is shared by most records of a
// table, its tags by many posts, so both are numbered elsewhere; what remains are the values. docs/manifest.md
// has the encoding.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/base/units.hpp"

namespace dbr::metadata {

/// What the manifest's columns hold of a record anyway, and what moments are counted from.
struct PackBase {
  Timestamp created_at{};
  std::string_view md5 = {};  ///< 32 lower-case hex digits, or empty
  ByteCount file_size = 0;
  std::string_view rating = {};
  /// Tags that do not name the site's number are another's than the site's: what the site says of a tag's category
  /// later does not touch them. For packing only.
  bool is_from_dump = false;
};

struct Packed {
  std::string shape;
  std::string values;
  std::string tags;  ///< one tag_key after another, in the record's order
};

/// A tag as one record names it. Two records that disagree on a tag's category name two different tags.
struct TagUse {
  std::string name;
  int category = 0;     ///< k_unknown_category when the record does not say
  std::int64_t id = 0;  ///< the site's; when the record does not say, 0 for the site's records and -1 for dumps'
};
inline constexpr int k_unknown_category = 255;

/// The next tag of a row of keys: bytes equal exactly for equal tags. Empty at the end. The view points into `keys`.
std::string_view next_tag_key(std::string_view& keys);
std::string_view name_of_tag_key(std::string_view key);
/// What a key says.
TagUse parse_tag_key(std::string_view key);
std::string tag_key(const TagUse& tag);

/// Any JSON object. Kind corrupt when it is none, or nested deeper than 64.
Result<Packed> pack(std::string_view json, const PackBase& base);

/// The next of a record's tags, in order; nullptr when there are no more.
using NextTag = std::function<const TagUse*()>;

/// The JSON object, compact. Kind corrupt when the bytes are not from pack() with this base and these tags.
Result<std::string> unpack(std::string_view shape, std::string_view values, const PackBase& base,
                           const NextTag& next_tag);

/// The same for a record whose tags are not numbered yet.
Result<std::string> unpack(const Packed& packed, const PackBase& base);

}  // namespace dbr::metadata
