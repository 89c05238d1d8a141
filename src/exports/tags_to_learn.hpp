// SPDX-License-Identifier: MIT
// The list of labels a DeepDanbooru network is trained for.
#pragma once

#include <cstdint>
#include <string>

#include "tag_table.hpp"

namespace dbr::exports {

/// As DeepDanbooru's own download-tags asks for them.
inline constexpr std::int64_t k_least_posts = 500;

/// tags.txt: general tags, then characters, that at least so many posts have, sorted; then the four ratings, which its
/// make-training-database adds to the posts' tags.
Result<std::string> tags_to_learn(const TagTable& tags, std::int64_t least_posts = k_least_posts);

}  // namespace dbr::exports
