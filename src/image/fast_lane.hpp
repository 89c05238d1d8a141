// SPDX-License-Identifier: MIT
// The short cut for plain pictures (Outline::is_plain): libjpeg-turbo or libpng rows straight into the resampler. It
// either draws the picture or leaves it, damage included, to the complete lane, which alone gives reasons.
#pragma once

#include <optional>
#include <string_view>

#include "raster.hpp"

namespace dbr::image {

struct FastDrawing {
  Raster window;           ///< plan.window
  bool is_grey = false;    ///< the source has no colour
  bool has_alpha = false;  ///< the source has; it lies on `background` now
};

/// What the short cut has to know.
struct FastJob {
  const Plan& plan;
  Colour background;
  bool use_simd = true;  ///< the same samples without
};

/// nullopt: anything at all was unusual. Adds to `time.decode` and `time.resample`.
std::optional<FastDrawing> draw_plain_jpeg(std::string_view bytes, const FastJob& job, MlForm::Time& time);
std::optional<FastDrawing> draw_plain_png(std::string_view bytes, const FastJob& job, MlForm::Time& time);

}  // namespace dbr::image
