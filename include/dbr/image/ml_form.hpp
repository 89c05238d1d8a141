// SPDX-License-Identifier: MIT
// The ML form of a picture: upright, sRGB, alpha flattened on black, shrunk (never enlarged) to fit a square, centred
// on black, as JPEG. Bytes in, bytes and facts out; knows no posts and no paths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dbr/image/sniff.hpp"

namespace dbr::image {

struct MlSettings {
  int size = 512;    ///< side of the square, pixels
  int quality = 90;  ///< JPEG, 1 to 100; chroma is not subsampled
  /// Pictures with more pixels are refused before any of them is allocated.
  std::int64_t max_pixels = 450'000'000;
};

/// Names the settings and our algorithm's version: outputs remember it, a change redoes them. 16 hex digits.
std::string settings_hash(const MlSettings& settings);

enum class MlState { done, not_a_still_image, failed };

struct ContentBox {
  int x = 0, y = 0, width = 0, height = 0;  ///< pixels of the output that show the picture
};

struct MlForm {
  MlState state = MlState::failed;
  /// Why it is not done, for people and for grouping: "animated_gif", "video", "flash", "ugoira", "truncated",
  /// "garbage", "empty", "too_many_pixels", ... Empty when done. From a fixed list: see ml_form.cpp.
  std::string reason;
  /// The decoder's own words, one line, when it failed.
  std::string detail;
  std::string jpeg;
  Kind kind = Kind::unknown;
  int source_width = 0, source_height = 0;  ///< as stored, before the orientation is applied
  int orientation = 1;                      ///< EXIF, 1 to 8
  bool had_alpha = false;
  bool had_profile = false;
  ContentBox box;
};

/// Must be called once, on the main thread, before any other thread uses make_ml_form.
void start_library();

/// Thread-safe; one call uses one thread. Equal bytes and settings give equal results on one set of library versions.
/// Never throws for what is in `bytes`.
MlForm make_ml_form(std::string_view bytes, const MlSettings& settings);

/// To be called by a worker thread that used make_ml_form, before it ends.
void release_thread();

/// "8.14.1": libvips', as it runs. Needs no start_library().
std::string library_version();

}  // namespace dbr::image
