// SPDX-License-Identifier: MIT
// Geometry: where a picture comes to lie on the canvas. All in whole pixels, from the extent of the original.
#pragma once

#include "dbr/image/ml_form.hpp"

namespace dbr::image {

struct Extent {
  int width = 0, height = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

/// The picture is scaled, the window is cut out of it, turned upright and put into the box on the canvas.
struct Plan {
  Extent source;          ///< as stored
  Extent scaled;          ///< of the whole picture, as stored; at least one pixel each way
  int left = 0, top = 0;  ///< of the window in `scaled`; 0 unless the picture sticks out (Fit::cover)
  Extent window;          ///< as stored
  int orientation = 1;    ///< EXIF
  Extent canvas;          ///< upright
  ContentBox box;         ///< upright
};

Plan make_plan(Extent source, int orientation, const MlSettings& settings);

}  // namespace dbr::image
