// SPDX-License-Identifier: MIT
// The ML form of a picture: upright, sRGB, alpha flattened, shrunk to fit a square, centred on black, as JPEG. Bytes
// in, bytes and facts out; knows no posts and no paths.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/image/outline.hpp"

namespace dbr::image {

/// How a picture meets the square: `pad` shows all of it on black, `inside` all of it without the black (the output is
/// no larger than the square), `cover` fills the square and loses what sticks out.
enum class Fit { pad, inside, cover };

/// Who draws: `automatic` takes the short cut for plain JPEG and PNG and libvips for the rest, `vips` libvips for all,
/// `scalar` is `automatic` without SIMD, with the same bytes.
enum class Lane { automatic, vips, scalar };

enum class Subsampling { none, half };  ///< of chroma: 4:4:4, 4:2:0

/// What to do with a picture whose file ends too early: no form, or a form of what there is.
enum class OnTruncated { reject, accept };

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};
std::string to_string(Colour colour);  ///< "#rrggbb"

struct MlSettings {
  int size = 512;  ///< side of the square, pixels, 1 to k_largest_size
  Fit fit = Fit::pad;
  bool enlarge = false;                         ///< small pictures, too
  std::optional<Colour> background = Colour{};  ///< behind transparency; nullopt: black or white, whichever contrasts
  int quality = 90;                             ///< JPEG, 1 to 100
  Subsampling subsampling = Subsampling::none;
  bool progressive = false;
  OnTruncated on_truncated = OnTruncated::reject;
  Lane lane = Lane::automatic;
  /// Pictures with more pixels are refused before any of them is allocated.
  std::int64_t max_pixels = 450'000'000;
  /// Pictures that need more memory (memory_needed) are refused. Bytes.
  std::int64_t max_memory = std::int64_t{2} << 30;
};
inline constexpr int k_largest_size = 16'384;

enum class MlState { done, not_a_still_image, failed };

struct ContentBox {
  int x = 0, y = 0, width = 0, height = 0;  ///< pixels of the output that show the picture
};

struct MlForm {
  MlState state = MlState::failed;
  /// Why it is not done, for people and for grouping: "animated_gif", "video", "flash", "ugoira", "truncated",
  /// "garbage", "empty", "too_many_pixels", ... Empty when done. From a fixed list: see verdict.hpp.
  std::string reason;
  /// One line: the decoder's own words when it failed; what was overlooked when it is done.
  std::string detail;
  std::string jpeg;
  /// Names the settings that this result depends on; one of current_hashes() as long as they stay.
  std::string settings_hash;
  Kind kind = Kind::unknown;
  int source_width = 0, source_height = 0;  ///< as stored, before the orientation is applied
  int orientation = 1;                      ///< EXIF, 1 to 8
  std::string colour;  ///< of the source: "rgb", "grey", "cmyk", with "16" after it when that is its depth
  bool had_alpha = false;
  bool had_profile = false;          ///< embedded and fit for use
  std::optional<Colour> background;  ///< where it had alpha
  ContentBox box;
  /// Where the time went, wall clock. libvips decodes and resamples at once: that is `decode`.
  struct Time {
    std::chrono::nanoseconds decode{}, resample{}, encode{};
  } time;
};

/// The names of the settings (and our algorithm's version) under which results made with `settings` stand: a result
/// whose hash is not among them must be made again. Results that do not depend on a setting do not change their hash
/// with it: the background of a picture without alpha, the policy for truncated files of whole ones.
std::vector<std::string> current_hashes(const MlSettings& settings);

/// Must be called once, on the main thread, before any other thread uses make_ml_form.
void start_library();

/// Bytes of memory that make_ml_form will need at most for such a picture, `file_size` bytes of it included.
std::int64_t memory_needed(const Outline& outline, std::int64_t file_size, const MlSettings& settings);

/// The result where the first bytes (k_sniff_size of them) and the size are enough to tell: no picture, or one too
/// large to be read. Thread-safe.
std::optional<MlForm> settle_by_head(std::string_view head, std::int64_t file_size, const MlSettings& settings);

/// Thread-safe; one call uses one thread. Equal bytes and settings give equal results on one set of library versions.
/// Never throws for what is in `bytes`, whose outline it is given.
MlForm make_ml_form(std::string_view bytes, const Outline& outline, const MlSettings& settings);
inline MlForm make_ml_form(std::string_view bytes, const MlSettings& settings) {
  return make_ml_form(bytes, outline(bytes), settings);
}

/// To be called by a worker thread that used make_ml_form, before it ends.
void release_thread();

/// "8.14.1": libvips', as it runs. Needs no start_library().
std::string library_version();

}  // namespace dbr::image
