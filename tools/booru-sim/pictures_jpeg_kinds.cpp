// SPDX-License-Identifier: MIT
// The kinds of picture that are JPEG files.
#include <algorithm>

#include "pictures_encode.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

struct Ink {
  std::uint8_t c, m, y, k;
};

/// The scene's quadrants in ink, as a press profile separates them (libvips' own CMYK profile, computed once).
constexpr std::array<Ink, 4> k_ink_quadrants{Ink{0, 233, 226, 17}, Ink{163, 0, 243, 0}, Ink{214, 165, 0, 0},
                                             Ink{11, 9, 218, 20}};

Ink to_ink(Rgb colour) {
  for (std::size_t i = 0; i < scene::k_quadrants.size(); ++i) {
    if (colour == scene::k_quadrants[i]) {
      return k_ink_quadrants[i];
    }
  }
  const auto complement = [](int v) { return static_cast<std::uint8_t>(255 - v); };
  return {complement(colour.r), complement(colour.g), complement(colour.b), 0};
}

std::uint8_t to_grey(Rgb colour) {
  for (std::size_t i = 0; i < scene::k_quadrants.size(); ++i) {
    if (colour == scene::k_quadrants[i]) {
      return scene::k_grey_levels[i];
    }
  }
  return static_cast<std::uint8_t>((colour.r + 2 * colour.g + colour.b) / 4);
}

Picture picture(std::string bytes, Size stored) {
  return {std::move(bytes), stored.width, stored.height};
}

Picture plain_jpeg(Size size, Seeded& dice, bool progressive) {
  JpegOptions options = draw_jpeg_options(dice);
  options.progressive = progressive;
  return picture(encode_jpeg(draw_scene(size, dice), options), size);
}

}  // namespace

JpegOptions draw_jpeg_options(Seeded& dice) {
  JpegOptions options;
  options.quality = dice.between(82, 95);
  options.subsample = dice.between(0, 1) == 0;
  return options;
}

Picture make_baseline_jpeg(Seeded& dice) {
  const Size size = draw_size(dice);
  return plain_jpeg(size, dice, false);
}

Picture make_progressive_jpeg(Seeded& dice) {
  const Size size = draw_size(dice);
  return plain_jpeg(size, dice, true);
}

Picture make_grey_jpeg(Seeded& dice) {
  const Size size = draw_size(dice);
  const JpegOptions options = draw_jpeg_options(dice);
  const Canvas canvas = draw_scene(size, dice);
  std::vector<std::uint8_t> samples(canvas.pixels.size());
  std::transform(canvas.pixels.begin(), canvas.pixels.end(), samples.begin(), to_grey);
  return picture(encode_jpeg(size, JpegColour::grey, samples.data(), options), size);
}

Picture make_cmyk_jpeg(Seeded& dice) {
  const Size size = draw_size(dice);
  JpegOptions options = draw_jpeg_options(dice);
  options.subsample = false;
  const Canvas canvas = draw_scene(size, dice);
  std::vector<std::uint8_t> samples;
  samples.reserve(canvas.pixels.size() * 4);
  for (const Rgb pixel : canvas.pixels) {
    // Adobe's convention, with its marker, which libjpeg writes: 255 is no ink.
    const Ink ink = to_ink(pixel);
    for (const int amount : {ink.c, ink.m, ink.y, ink.k}) {
      samples.push_back(static_cast<std::uint8_t>(255 - amount));
    }
  }
  return picture(encode_jpeg(size, JpegColour::inverted_cmyk, samples.data(), options), size);
}

Picture make_exif_jpeg(Seeded& dice, std::uint64_t seed) {
  const int orientation = 2 + static_cast<int>(seed % 7);
  const Size size = draw_size(dice);
  JpegOptions options = draw_jpeg_options(dice);
  options.exif = make_exif(orientation, dice.between(0, 1) == 0);
  const Canvas stored = lay_down(draw_scene(size, dice), orientation);
  return picture(encode_jpeg(stored, options), stored.size);
}

Picture make_icc_jpeg(Seeded& dice) {
  const Size size = draw_size(dice);
  JpegOptions options = draw_jpeg_options(dice);
  options.profile = wide_profile();
  Canvas canvas = draw_scene(size, dice);
  to_wide(canvas);
  return picture(encode_jpeg(canvas, options), size);
}

Picture make_very_wide(Seeded& dice) {
  const int height = dice.between(60, 150);
  return plain_jpeg({height * dice.between(16, 24), height}, dice, false);
}

Picture make_truncated(Seeded& dice) {
  Picture whole = make_baseline_jpeg(dice);
  whole.bytes.resize(whole.bytes.size() * static_cast<std::size_t>(dice.between(35, 80)) / 100);
  return whole;
}

}  // namespace dbr::sim
