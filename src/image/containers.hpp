// SPDX-License-Identifier: MIT
// One walker a kind of container. Every walker is total: any bytes give an answer.
#pragma once

#include <string_view>

#include "dbr/image/outline.hpp"

namespace dbr::image {

Outline outline_jpeg(std::string_view bytes);
Outline outline_png(std::string_view bytes);
Outline outline_gif(std::string_view bytes);
Outline outline_webp(std::string_view bytes);
Outline outline_avif(std::string_view bytes);

/// A chunk of the PNG is not what its checksum says. Reads all of it.
bool has_bad_checksum(std::string_view png);

/// `ftyp` names this brand, as its own or as a compatible one.
bool has_brand(std::string_view bytes, std::string_view brand);

}  // namespace dbr::image
