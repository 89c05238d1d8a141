// SPDX-License-Identifier: MIT
// Tag names to tag IDs, and how many posts of the release use each. Memory grows with the number of tags (some 100
// bytes each), not with the posts.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/exports/format.hpp"
#include "dbr/metadata/post.hpp"

namespace dbr::exports {

class TagTable {
 public:
  /// The manifest's tags. Of two rows with one name, the lower ID counts.
  static Result<TagTable> load(const Context& context, std::string_view file);

  /// Counts the tags of one post and returns their IDs in ascending order. A tag the site's table does not know gets
  /// the next number below zero: -1, -2 ... in the order of first use; it means something within this file only.
  std::vector<std::int64_t> use(std::span<const metadata::TagUse> tags);

  /// Counts one tag of a post and returns its category.
  std::int64_t use(const metadata::TagUse& tag) { return entry_of(tag).category; }

  struct UsedTag {
    std::int64_t id = 0;
    std::string_view name;
    std::int64_t category = 0;
    std::int64_t posts = 0;
  };
  /// The tags used so far, in ID order.
  Result<void> for_each_used(const std::function<Result<void>(const UsedTag&)>& on_tag) const;

 private:
  struct Entry {
    std::int64_t id = 0;
    std::int64_t category = 0;
    std::int64_t posts = 0;
  };
  Entry& entry_of(const metadata::TagUse& tag);
  std::unordered_map<std::string, Entry> m_tags;
  std::int64_t m_next_unknown = -1;
};

}  // namespace dbr::exports
