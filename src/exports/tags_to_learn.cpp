// SPDX-License-Identifier: MIT
#include "tags_to_learn.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace dbr::exports {
namespace {

using metadata::TagCategory;

// One a line, read with surrounding space taken off.
bool fits_a_line(std::string_view name) {
  return name.find_first_of("\t\n\r ") == std::string_view::npos;
}

}  // namespace

Result<std::string> tags_to_learn(const TagTable& tags, std::int64_t least_posts) {
  std::vector<std::string> general;
  std::vector<std::string> characters;
  DBR_CHECK(tags.for_each_used([&](const TagTable::UsedTag& tag) -> Result<void> {
    if (tag.posts < least_posts || !fits_a_line(tag.name)) return {};
    if (tag.category == static_cast<std::int64_t>(TagCategory::general)) general.emplace_back(tag.name);
    if (tag.category == static_cast<std::int64_t>(TagCategory::character)) characters.emplace_back(tag.name);
    return {};
  }));
  std::string list;
  for (auto* names : {&general, &characters}) {
    std::ranges::sort(*names);
    for (const std::string& name : *names) list.append(name).append("\n");
  }
  for (const std::string_view rating : {"general", "sensitive", "questionable", "explicit"}) {
    list.append("rating:").append(rating).append("\n");
  }
  return list;
}

}  // namespace dbr::exports
