// SPDX-License-Identifier: MIT
// The one encoder of ML forms: libjpeg-turbo with Huffman tables made for the picture. Only pixels go into the file.
#pragma once

#include <string>

#include "raster.hpp"

namespace dbr::image {

/// Empty when the library fails, which then does not depend on the picture.
std::string write_jpeg(const Raster& canvas, const MlSettings& settings);

}  // namespace dbr::image
