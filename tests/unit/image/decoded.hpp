// SPDX-License-Identifier: MIT
// The output of make_ml_form, read by libjpeg directly: the tests trust no decoder that the code under test uses.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "dbr/image/ml_form.hpp"
#include "pictures_scene.hpp"

namespace dbr::image {

struct Decoded {
  int width = 0, height = 0, components = 0;
  bool progressive = false;
  bool subsampled = false;
  int markers = 0;  ///< APPn other than JFIF, and comments: a stripped file has none
  int warnings = 0;
  std::vector<std::uint8_t> rgb;

  sim::Rgb at(int x, int y) const {
    const std::size_t i = (static_cast<std::size_t>(y) * width + x) * 3;
    return {rgb[i], rgb[i + 1], rgb[i + 2]};
  }
};

/// Empty when libjpeg refuses it. Profiles are not applied.
Decoded decode(std::string_view jpeg);

/// The smallest box around everything clearly brighter than black.
ContentBox bright_box(const Decoded& picture);

/// The mean colour around a point, given in fractions of the box.
sim::Rgb colour_at(const Decoded& picture, const ContentBox& box, double x, double y);

testing::AssertionResult is_near(sim::Rgb actual, sim::Rgb wanted, int tolerance);

/// Outside of the box, and clear of the JPEG blocks it touches, there is nothing but black.
testing::AssertionResult is_black_around(const Decoded& picture, const ContentBox& box);

/// Mean difference of all samples.
double difference(const Decoded& a, const Decoded& b);

}  // namespace dbr::image

namespace dbr::image {
inline bool operator==(const ContentBox& a, const ContentBox& b) {
  return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}
inline void PrintTo(const ContentBox& box, std::ostream* out) {
  *out << box.width << "x" << box.height << "+" << box.x << "+" << box.y;
}
}  // namespace dbr::image

namespace dbr::sim {
inline void PrintTo(const Rgb& c, std::ostream* out) {
  *out << int{c.r} << "," << int{c.g} << "," << int{c.b};
}
}  // namespace dbr::sim
