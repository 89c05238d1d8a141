// SPDX-License-Identifier: MIT
// Drawing of the scene: quadrants, marker, then circles, a gradient and noise in the middle.
#include "pictures_scene.hpp"

namespace dbr::sim {
namespace {

void draw_quadrants(Canvas& canvas) {
  const auto [width, height] = canvas.size;
  const int middle = (width + 1) / 2;
  for (int y = 0; y < height; ++y) {
    const std::size_t row = y < (height + 1) / 2 ? 0 : 2;
    const auto begin = canvas.pixels.begin() + static_cast<std::ptrdiff_t>(y) * width;
    std::fill_n(begin, middle, scene::k_quadrants[row]);
    std::fill_n(begin + middle, width - middle, scene::k_quadrants[row + 1]);
  }
}

Rgb draw_colour(Seeded& dice) {
  const std::uint64_t bits = dice.next();
  return {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits >> 16)};
}

void draw_gradient(Canvas& canvas, Seeded& dice) {
  const Rgb from = draw_colour(dice);
  const Rgb to = draw_colour(dice);
  const auto mix = [](int a, int b, int t) { return static_cast<std::uint8_t>(a + (b - a) * t / 256); };
  const int top = static_cast<int>(scene::k_decoration_region.top * canvas.size.height);
  const int span = std::max(1, canvas.size.height - 2 * top);
  for_region(canvas.size, scene::k_decoration_region, [&](int x, int y) {
    const int t = (y - top) * 256 / span;
    canvas.at(x, y) = {mix(from.r, to.r, t), mix(from.g, to.g, t), mix(from.b, to.b, t)};
  });
}

void draw_circles(Canvas& canvas, Seeded& dice) {
  const auto [width, height] = canvas.size;
  const int circles = dice.between(4, 12);
  for (int i = 0; i < circles; ++i) {
    const int x0 = dice.between(width * 2 / 5, width * 3 / 5);
    const int y0 = dice.between(height * 2 / 5, height * 3 / 5);
    const int radius = std::max(1, std::min(width, height) * dice.between(2, 12) / 100);
    const Rgb colour = draw_colour(dice);
    const auto inside = [&](int x, int y) { return (x - x0) * (x - x0) + (y - y0) * (y - y0) <= radius * radius; };
    for (int y = std::max(0, y0 - radius); y < std::min(height, y0 + radius + 1); ++y) {
      for (int x = std::max(0, x0 - radius); x < std::min(width, x0 + radius + 1); ++x) {
        if (inside(x, y)) {
          canvas.at(x, y) = colour;
        }
      }
    }
  }
}

/// What makes lossless files a realistic size: a patch of up to 64 x 64 pixels that does not compress.
void draw_noise(Canvas& canvas, Seeded& dice) {
  constexpr int k_largest_patch = 64;
  const auto [width, height] = canvas.size;
  const int right = std::min(width / 2 + k_largest_patch, width * 13 / 20);
  const int bottom = std::min(height / 2 + k_largest_patch, height * 13 / 20);
  for (int y = height / 2; y < bottom; ++y) {
    for (int x = width / 2; x < right; ++x) {
      canvas.at(x, y) = draw_colour(dice);
    }
  }
}

}  // namespace

Size draw_size(Seeded& dice) {
  // The product of two even draws leans to the small ones. One draw a statement: their order must be the language's.
  const int range = dice.between(0, 1200);
  const int long_side = 200 + range * dice.between(20, 100) / 100;
  const int short_side = std::max(100, long_side * dice.between(50, 100) / 100);
  return dice.between(0, 1) == 0 ? Size{long_side, short_side} : Size{short_side, long_side};
}

Canvas draw_scene(Size size, Seeded& dice) {
  Canvas canvas{size, std::vector<Rgb>(static_cast<std::size_t>(size.width) * size.height)};
  draw_quadrants(canvas);
  draw_gradient(canvas, dice);
  draw_circles(canvas, dice);
  draw_noise(canvas, dice);
  for_region(size, scene::k_marker_region, [&](int x, int y) { canvas.at(x, y) = scene::k_marker; });
  return canvas;
}

}  // namespace dbr::sim
