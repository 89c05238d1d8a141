// SPDX-License-Identifier: MIT
// Tags as trainers of image models write them: "hatsune miku, vocaloid, somebody, 1girl, long hair, highres".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "dbr/metadata/post.hpp"

namespace dbr::exports {

struct Caption {
  std::string text;
  /// Tags that could not be told apart in it and are left out: with a comma or a line break in their names.
  std::int64_t refused = 0;
};

/// Separated by ", "; characters, copyrights, artists, general tags, meta tags, within each as the post has them, so
/// that a text encoder that cuts the end off loses the least. Underscores are spaces in names of more than three
/// characters, as sd-scripts' tagger and HakuBooru have it: what is shorter is a face (^_^).
Caption make_caption(std::span<const metadata::TagUse> tags);

/// Says once for a file how many tags were left out of its captions, if any were.
void warn_of_refused(std::string_view file, std::int64_t refused);

}  // namespace dbr::exports
