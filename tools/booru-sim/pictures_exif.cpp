// SPDX-License-Identifier: MIT
// EXIF orientation: the tag, and the pixels as a turned camera stores them.
#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"

namespace dbr::sim {

std::string make_exif(int orientation, bool big_endian) {
  std::string out("Exif\0\0", 6);
  const auto two = [&](int value) { big_endian ? put_be<2>(out, value) : put_le<2>(out, value); };
  const auto four = [&](int value) { big_endian ? put_be<4>(out, value) : put_le<4>(out, value); };
  out += big_endian ? "MM" : "II";
  two(42);
  four(8);      // offset of the first directory
  two(1);       // entries
  two(0x0112);  // Orientation
  two(3);       // SHORT
  four(1);      // one of them
  two(orientation);
  two(0);
  four(0);  // no further directory
  return out;
}

Canvas lay_down(const Canvas& upright, int orientation) {
  const auto [width, height] = upright.size;
  const Size size = orientation >= 5 ? Size{height, width} : upright.size;
  Canvas stored{size, std::vector<Rgb>(upright.pixels.size())};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int right = width - 1 - x;
      const int below = height - 1 - y;
      const int across[] = {x, right, right, x, y, y, below, below};
      const int down[] = {y, y, below, below, x, right, right, x};
      stored.at(across[orientation - 1], down[orientation - 1]) = upright.at(x, y);
    }
  }
  return stored;
}

}  // namespace dbr::sim
