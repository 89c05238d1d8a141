// SPDX-License-Identifier: MIT
// Everything up to the encoder: for make_ml_form, and for the benches, which judge the pixels themselves.
#pragma once

#include <string_view>

#include "raster.hpp"

namespace dbr::image {

/// As make_ml_form, but with the canvas instead of `jpeg`; it is empty unless the state is done.
MlForm draw(std::string_view bytes, const Outline& outline, const MlSettings& settings, Raster& canvas);

}  // namespace dbr::image
