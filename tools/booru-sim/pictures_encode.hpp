// SPDX-License-Identifier: MIT
// Encoders under the makers. A failure inside an encoder is a bug of the generator: it throws or aborts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pictures_scene.hpp"

namespace dbr::sim {

// JPEG

struct JpegOptions {
  int quality = 90;
  bool progressive = false;
  bool subsample = false;  ///< 4:2:0
  std::string exif;        ///< an APP1 payload
  std::string profile;     ///< ICC
};

enum class JpegColour { grey, rgb, inverted_cmyk };

/// Rows of 1, 3 or 4 samples a pixel.
std::string encode_jpeg(Size size, JpegColour colour, const std::uint8_t* samples, const JpegOptions& options);
std::string encode_jpeg(const Canvas& canvas, const JpegOptions& options);

/// Quality and subsampling by the dice, nothing else.
JpegOptions draw_jpeg_options(Seeded& dice);

/// An Exif APP1 payload that holds only the orientation.
std::string make_exif(int orientation, bool big_endian);
/// What a camera stores so that this orientation makes it `upright`.
Canvas lay_down(const Canvas& upright, int orientation);

/// A matrix profile with the primaries of Adobe RGB (1998), wider than sRGB.
std::string wide_profile();
/// The same colours as numbers of that profile.
void to_wide(Canvas& canvas);

// PNG

enum class PngColour { grey, rgb, rgba, palette };

struct Palette {
  std::vector<Rgb> colours;
  std::vector<std::uint8_t> alpha;  ///< of the first colours; the others are opaque
};

struct PngOptions {
  PngColour colour = PngColour::rgb;
  int depth = 8;
  bool interlaced = false;
  Palette palette;
};

/// Rows without padding; 16-bit samples in big-endian order.
std::string encode_png(Size size, const std::uint8_t* samples, const PngOptions& options);
std::string encode_png(const Canvas& canvas, bool interlaced = false);

/// The scene in at most 223 colours: index 5 is the hole (transparent), 6 the veil (half transparent).
struct Indexed {
  Size size;
  Palette palette;
  std::vector<std::uint8_t> indices;
};
inline constexpr int k_hole_index = 5;
Indexed to_indexed(const Canvas& canvas);

}  // namespace dbr::sim
