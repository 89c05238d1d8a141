// SPDX-License-Identifier: MIT
#include "raster.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace dbr::image {
namespace {

constexpr std::size_t k_samples = 3;

void fill_black(Raster& canvas) {
  if (canvas.model == Raster::Model::rgb) return;  // zeroes already
  std::uint8_t* const first = canvas.samples.data();
  for (std::size_t i = 0; i < canvas.stride(); i += k_samples) {
    first[i + 1] = first[i + 2] = 128;
  }
  for (int y = 1; y < canvas.extent.height; ++y) {
    std::memcpy(first + canvas.stride() * static_cast<std::size_t>(y), first, canvas.stride());
  }
}

/// Where in a picture of `extent` the first upright pixel lies, and how many samples it is from there to the next
/// pixel and the next row: EXIF 2.32, Orientation.
struct Walk {
  std::ptrdiff_t first = 0, to_next_pixel = 0, to_next_row = 0;
};

Walk walk_upright(Extent extent, int orientation) {
  const auto pixel = static_cast<std::ptrdiff_t>(k_samples);
  const std::ptrdiff_t row = pixel * extent.width;
  const std::ptrdiff_t right = row - pixel;
  const std::ptrdiff_t bottom = row * (extent.height - 1);
  const std::array<Walk, 8> walks = {{{0, pixel, row},
                                      {right, -pixel, row},
                                      {bottom + right, -pixel, -row},
                                      {bottom, pixel, -row},
                                      {0, row, pixel},
                                      {bottom, -row, pixel},
                                      {bottom + right, -row, -pixel},
                                      {right, row, -pixel}}};
  return walks[static_cast<std::size_t>(orientation - 1)];
}

}  // namespace

void to_rgb(Raster& raster) {
  if (raster.model == Raster::Model::rgb) return;
  raster.model = Raster::Model::rgb;
  constexpr int k_bits = 16;
  constexpr int k_half = 1 << (k_bits - 1);
  const auto factor = [](double value) { return static_cast<int>(value * (1 << k_bits) + 0.5); };
  const auto clamp = [](int value) { return static_cast<std::uint8_t>(std::clamp(value >> k_bits, 0, 255)); };
  for (std::size_t i = 0; i < raster.samples.size(); i += k_samples) {
    std::uint8_t* const pixel = raster.samples.data() + i;
    const int y = (pixel[0] << k_bits) + k_half;
    const int blue = pixel[1] - 128;
    const int red = pixel[2] - 128;
    pixel[0] = clamp(y + factor(1.402) * red);
    pixel[1] = clamp(y - factor(0.344136) * blue - factor(0.714136) * red);
    pixel[2] = clamp(y + factor(1.772) * blue);
  }
}

Raster compose(const Raster& window, const Plan& plan) {
  Raster canvas{window.model, plan.canvas, {}};
  canvas.samples.resize(canvas.stride() * static_cast<std::size_t>(plan.canvas.height));
  fill_black(canvas);
  const Walk walk = walk_upright(window.extent, plan.orientation);
  const std::size_t left = k_samples * static_cast<std::size_t>(plan.box.x);
  for (int y = 0; y < plan.box.height; ++y) {
    std::uint8_t* to = canvas.samples.data() + canvas.stride() * static_cast<std::size_t>(plan.box.y + y) + left;
    const std::uint8_t* from = window.samples.data() + walk.first + y * walk.to_next_row;
    if (plan.orientation == 1) {
      std::memcpy(to, from, window.stride());
      continue;
    }
    for (int x = 0; x < plan.box.width; ++x, from += walk.to_next_pixel, to += k_samples) {
      std::memcpy(to, from, k_samples);
    }
  }
  return canvas;
}

}  // namespace dbr::image
