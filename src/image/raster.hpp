// SPDX-License-Identifier: MIT
// Finished pixels on their way to the encoder.
#pragma once

#include <cstdint>
#include <vector>

#include "plan.hpp"

namespace dbr::image {

/// Three interleaved 8-bit samples a pixel, rows without padding. `ycc` is JFIF's full-range YCbCr.
struct Raster {
  enum class Model { rgb, ycc };
  Model model = Model::rgb;
  Extent extent;
  std::vector<std::uint8_t> samples;

  std::size_t stride() const { return std::size_t{3} * static_cast<std::size_t>(extent.width); }
};

/// To RGB, by JFIF 1.02.
void to_rgb(Raster& raster);

/// The canvas: `window` turned upright in its box, black around it.
Raster compose(const Raster& window, const Plan& plan);

}  // namespace dbr::image
