// SPDX-License-Identifier: MIT
// What the container of a picture says without decoding a pixel: its extent, whether it moves, whether the file is cut
// short, and how much memory its decoder cannot do without. Every walker is total: any bytes give an answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "dbr/image/sniff.hpp"

namespace dbr::image {

struct Outline {
  bool animated = false;
  /// The end of the file came before the end of the picture.
  bool truncated = false;
  /// A variant of the format that no decoder here reads (12-bit or lossless JPEG).
  bool unsupported = false;
  std::int64_t width = 0, height = 0;  ///< 0 when the walker does not know
  /// Bytes the decoder must hold at once because the format cannot be streamed: progressive, interlaced, a canvas.
  std::int64_t held_bytes = 0;
  int scans = 0;  ///< of a JPEG
  /// A JPEG header over which decoders warn although every pixel may be well: stray bytes, unknown versions.
  bool odd_header = false;
};

Outline outline_jpeg(std::string_view bytes);
Outline outline_png(std::string_view bytes);
Outline outline_gif(std::string_view bytes);
Outline outline_webp(std::string_view bytes);
Outline outline_avif(std::string_view bytes);

/// Dispatches on `kind`; an empty outline for kinds that are no pictures.
Outline outline(Kind kind, std::string_view bytes);

/// `ftyp` names this brand, as its own or as a compatible one.
bool has_brand(std::string_view bytes, std::string_view brand);

}  // namespace dbr::image
