// SPDX-License-Identifier: MIT
// What bytes are, by their content: names and server headers are not asked.
#pragma once

#include <string_view>

namespace dbr::image {

enum class Kind { empty, jpeg, png, gif, webp, avif, bmp, mp4, webm, flash, zip, html, unknown };

/// Bytes enough for sniff().
inline constexpr std::size_t k_sniff_size = 512;

/// `head` is the beginning of the file; 512 bytes are enough, fewer are fine.
Kind sniff(std::string_view head);

std::string_view to_string(Kind kind);

/// True for the kinds the site's extension stands for: "jpg" for jpeg, "zip" for ugoira, "swf" for flash ...
bool matches_extension(Kind kind, std::string_view extension);

}  // namespace dbr::image
