// SPDX-License-Identifier: MIT
// Names as people give them to tags: the site's commonest ones, then made-up ones of the same lengths and kinds.
#pragma once

#include <string>
#include <vector>

#include "vocabulary.hpp"

namespace dbr::bench {

struct TagName {
  std::string name;
  Category category;
};

/// Distinct names, most used first.
std::vector<TagName> make_tag_names(std::uint32_t count);

}  // namespace dbr::bench
