// SPDX-License-Identifier: MIT
// One file a shape: a row of JSON, without its line end.
#pragma once

#include <cstdint>

#include "out.hpp"
#include "post_draw.hpp"

namespace dbr::bench {

/// Danbooru2017 to 2020: numbers are strings, tags are objects, "never" is 1970 and "none" is "0".
void write_2017(Out& out, const Post& post, const Vocabulary& vocabulary);
/// Danbooru2021: numbers are strings, what is null is left out; hidden posts have no ID.
void write_2021(Out& out, const Post& post, const Vocabulary& vocabulary);
/// The site's API today.
void write_api(Out& out, const Post& post, const Vocabulary& vocabulary);

/// The pools and the tags of the posts in `rows` rows, as the API has them. False when the output cannot be written.
bool write_pools(Out& out, const PostDraw& posts, std::uint32_t rows);
bool write_tags(Out& out, const PostDraw& posts, std::uint32_t rows);

}  // namespace dbr::bench
