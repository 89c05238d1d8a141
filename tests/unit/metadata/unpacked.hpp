// SPDX-License-Identifier: MIT
// A packed record as the JSON it came from.
#pragma once

#include <string>
#include <vector>

#include "dbr/metadata/packed.hpp"

namespace dbr::metadata::test {

inline std::vector<TagUse> tags_of(const Packed& packed) {
  std::vector<TagUse> tags;
  std::string_view keys = packed.tags;
  for (auto key = next_tag_key(keys); !key.empty(); key = next_tag_key(keys)) tags.push_back(parse_tag_key(key));
  return tags;
}

/// The error's text when it cannot be read.
inline std::string unpacked(const Packed& packed, const PackBase& base) {
  const auto json = unpack(packed, base);
  return json ? *json : json.error().message;
}

}  // namespace dbr::metadata::test
