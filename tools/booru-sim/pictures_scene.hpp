// SPDX-License-Identifier: MIT
// The scene in every picture, and what a test may rely on: four quadrants of fixed colours, a white marker in the
// top-left corner, and seeded decoration that stays inside the middle.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace dbr::sim {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Rgb&) const = default;
};

namespace scene {

inline constexpr Rgb k_top_left{220, 40, 40};
inline constexpr Rgb k_top_right{40, 180, 60};
inline constexpr Rgb k_bottom_left{40, 60, 220};
inline constexpr Rgb k_bottom_right{230, 210, 40};
/// top-left, top-right, bottom-left, bottom-right
inline constexpr std::array<Rgb, 4> k_quadrants{k_top_left, k_top_right, k_bottom_left, k_bottom_right};
/// The same in the grey kind.
inline constexpr std::array<std::uint8_t, 4> k_grey_levels{60, 110, 160, 215};
inline constexpr Rgb k_marker{255, 255, 255};

/// A part of the picture, in fractions of its extent.
struct Region {
  double left, top, right, bottom;
};
inline constexpr Region k_marker_region{0.04, 0.04, 0.12, 0.12};
inline constexpr Region k_decoration_region{0.28, 0.28, 0.72, 0.72};
/// In the kinds with alpha: fully transparent (over a garbage colour), and half transparent.
inline constexpr Region k_hole_region{0.20, 0.04, 0.40, 0.24};
inline constexpr Region k_veil_region{0.60, 0.04, 0.80, 0.24};
inline constexpr std::uint8_t k_veil_alpha = 128;

}  // namespace scene

/// splitmix64: the same numbers everywhere, unlike the distributions of <random>.
class Seeded {
 public:
  explicit Seeded(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next() {
    m_state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// From `low` to `high`, both included.
  int between(int low, int high) {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<int>(next() % span);
  }

 private:
  std::uint64_t m_state;
};

struct Size {
  int width = 0, height = 0;
};

/// Long sides from 200 to 1400, most of them small, all shapes from 2:1 to 1:2.
Size draw_size(Seeded& dice);

/// 8-bit RGB rows without padding.
struct Canvas {
  Size size;
  std::vector<Rgb> pixels;
  Rgb& at(int x, int y) { return pixels[static_cast<std::size_t>(y) * size.width + x]; }
  const Rgb& at(int x, int y) const { return pixels[static_cast<std::size_t>(y) * size.width + x]; }
};

Canvas draw_scene(Size size, Seeded& dice);

/// Calls visit(x, y) for each pixel of a region.
template <typename Visit>
void for_region(Size size, const scene::Region& region, Visit visit) {
  const int bottom = std::min(size.height, static_cast<int>(region.bottom * size.height));
  const int right = std::min(size.width, static_cast<int>(region.right * size.width));
  for (int y = static_cast<int>(region.top * size.height); y < bottom; ++y) {
    for (int x = static_cast<int>(region.left * size.width); x < right; ++x) {
      visit(x, y);
    }
  }
}

}  // namespace dbr::sim
