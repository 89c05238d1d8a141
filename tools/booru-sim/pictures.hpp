// SPDX-License-Identifier: MIT
// Every kind of picture an archive holds, made from a seed: the same scene in each, so that what comes out of a
// downscaler can be checked (pictures_scene.hpp). Deterministic and thread-safe; a few milliseconds each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dbr::sim {

enum class PictureKind {
  baseline_jpeg,
  progressive_jpeg,
  grey_jpeg,
  cmyk_jpeg,
  exif_jpeg,
  icc_jpeg,
  rgb_png,
  rgba_png,
  palette_png,
  deep_png,  ///< 16 bits a sample
  interlaced_png,
  still_gif,
  animated_gif,
  animated_png,
  still_webp,
  animated_webp,
  avif,
  mp4,
  webm,
  flash,
  ugoira,
  png_named_jpg,
  tiny,
  very_wide,
  very_tall,
  truncated,
  garbage,
  empty,
  enormous,  ///< a small file that decodes to 900 million pixels
};

std::span<const PictureKind> all_picture_kinds();

/// "baseline_jpeg"
std::string_view name(PictureKind kind);

/// What the site calls the file: "jpg" for png_named_jpg, "zip" for ugoira, "swf" for flash.
std::string_view extension(PictureKind kind);

struct Picture {
  std::string bytes;
  int width = 0, height = 0;  ///< as stored, before any orientation is applied
};

/// Different seeds give different bytes, except for `empty`.
Picture make_picture(PictureKind kind, std::uint64_t seed);

}  // namespace dbr::sim
