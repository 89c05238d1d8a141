// SPDX-License-Identifier: MIT
// What the container of a picture says without decoding a pixel: its extent, whether it moves, whether the file is cut
// short, how its colours are kept, and how much memory its decoder cannot do without.
#pragma once

#include <cstdint>
#include <string_view>

#include "dbr/image/sniff.hpp"

namespace dbr::image {

struct Outline {
  Kind kind = Kind::unknown;
  bool animated = false;
  /// The end of the file came before the end of the picture.
  bool truncated = false;
  /// A variant of the format that no decoder here reads (12-bit or lossless JPEG).
  bool unsupported = false;
  std::int64_t width = 0, height = 0;  ///< as stored; 0 when the walker does not know
  /// EXIF (TIFF 6.0, tag 0x0112), 1 to 8; 1 when the file says nothing of use. AVIF's own turns are its decoder's.
  int orientation = 1;
  /// Nothing but pixels of plain 8-bit colours: the short cut (fast_lane.hpp) may draw it.
  bool is_plain = false;
  bool has_profile = false;  ///< ICC, of JPEG and PNG
  /// Bytes the decoder must hold at once because the format cannot be streamed: progressive, interlaced, a canvas.
  std::int64_t held_bytes = 0;
  int scans = 0;  ///< of a JPEG
  /// A JPEG header over which decoders warn although every pixel may be well: stray bytes, unknown versions.
  bool odd_header = false;
  /// Something beside the pixels would unpack to more than a picture has use for.
  bool has_bomb = false;
};

/// Total: any bytes give an answer. Thread-safe.
Outline outline(std::string_view bytes);

}  // namespace dbr::image
