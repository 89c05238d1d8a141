// SPDX-License-Identifier: MIT
// The one thing asked of EXIF: which way is up.
#pragma once

#include <string_view>

namespace dbr::image {

/// Of a TIFF block, with or without "Exif\0\0" before it: the orientation of its first directory, 1 to 8 (EXIF 2.32,
/// tag 0x0112). 1 when there is none that can be used.
int exif_orientation(std::string_view block);

}  // namespace dbr::image
