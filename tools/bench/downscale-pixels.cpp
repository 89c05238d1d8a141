// SPDX-License-Identifier: MIT
// The pixels dbr would encode, with the settings it has by default: for downscale_quality.py, which judges them.
//   downscale-pixels OUT PICTURE...    writes OUT/NAME.ppm for each, without the black around it
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "dbr/base/file.hpp"
#include "image/draw.hpp"

namespace {

using dbr::image::Raster;

std::uint8_t sample(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

/// As a decoder of the JPEG will show them (JFIF 1.02, section "Color Space").
void as_rgb(Raster& canvas) {
  if (canvas.model == Raster::Model::rgb) return;
  for (std::size_t at = 0; at < canvas.samples.size(); at += 3) {
    const double luma = canvas.samples[at], blue = canvas.samples[at + 1] - 128, red = canvas.samples[at + 2] - 128;
    canvas.samples[at] = sample(luma + 1.402 * red);
    canvas.samples[at + 1] = sample(luma - 0.344136 * blue - 0.714136 * red);
    canvas.samples[at + 2] = sample(luma + 1.772 * blue);
  }
}

void draw(const std::filesystem::path& picture, const std::filesystem::path& folder) {
  const auto bytes = dbr::read_file(picture);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  Raster canvas;
  const auto form = dbr::image::draw(*bytes, dbr::image::outline(*bytes), {}, canvas);
  if (form.state != dbr::image::MlState::done) throw std::runtime_error(picture.string() + ": " + form.reason);
  as_rgb(canvas);
  std::ofstream out(folder / (picture.stem().string() + ".ppm"), std::ios::binary);
  out << "P6 " << form.box.width << ' ' << form.box.height << " 255\n";
  for (int row = form.box.y; row < form.box.y + form.box.height; ++row) {
    const std::size_t begin =
        static_cast<std::size_t>(row) * canvas.stride() + 3 * static_cast<std::size_t>(form.box.x);
    out.write(reinterpret_cast<const char*>(canvas.samples.data() + begin), std::streamsize{3} * form.box.width);
  }
  if (!out.flush()) throw std::runtime_error("cannot write " + picture.stem().string() + ".ppm");
}

}  // namespace

int main(int count, char** words) try {
  if (count < 3) throw std::runtime_error("usage: downscale-pixels OUT PICTURE...");
  dbr::image::start_library();
  for (int i = 2; i < count; ++i) draw(words[i], words[1]);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "downscale-pixels: " << error.what() << '\n';
  return 1;
}
