// SPDX-License-Identifier: MIT
// One maker a kind of picture; pictures.cpp lists them.
#pragma once

#include "pictures.hpp"
#include "pictures_scene.hpp"

namespace dbr::sim {

Picture make_baseline_jpeg(Seeded& dice);
Picture make_progressive_jpeg(Seeded& dice);
Picture make_grey_jpeg(Seeded& dice);
Picture make_cmyk_jpeg(Seeded& dice);
Picture make_exif_jpeg(Seeded& dice, std::uint64_t seed);  ///< orientation 2 + seed % 7
Picture make_icc_jpeg(Seeded& dice);
Picture make_very_wide(Seeded& dice);
Picture make_truncated(Seeded& dice);

Picture make_rgb_png(Seeded& dice);
Picture make_rgba_png(Seeded& dice);
Picture make_palette_png(Seeded& dice);
Picture make_deep_png(Seeded& dice);
Picture make_interlaced_png(Seeded& dice);
Picture make_animated_png(Seeded& dice);
Picture make_tiny(Seeded& dice);
Picture make_very_tall(Seeded& dice);
Picture make_enormous(Seeded& dice);

Picture make_still_gif(Seeded& dice);
Picture make_animated_gif(Seeded& dice);
Picture make_still_webp(Seeded& dice);
Picture make_animated_webp(Seeded& dice);
Picture make_avif(Seeded& dice, std::uint64_t seed);

Picture make_mp4(Seeded& dice);
Picture make_webm(Seeded& dice);
Picture make_flash(Seeded& dice);
Picture make_ugoira(Seeded& dice);
Picture make_garbage(Seeded& dice);

}  // namespace dbr::sim
