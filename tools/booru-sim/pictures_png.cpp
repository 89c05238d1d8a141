// SPDX-License-Identifier: MIT
// PNG through libpng, at its fastest settings.
#include <png.h>

#include <stdexcept>

#include "pictures_encode.hpp"

namespace dbr::sim {
namespace {

void write_to_string(png_structp png, png_bytep data, png_size_t size) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

void nothing_to_flush(png_structp) {}

/// libpng must not return from here; an encoder that refuses our rows is a bug.
[[noreturn]] void give_up(png_structp, png_const_charp message) {
  std::fprintf(stderr, "libpng: %s\n", message);
  std::abort();
}

void ignore_warning(png_structp, png_const_charp) {}

int colour_type(PngColour colour) {
  switch (colour) {
    case PngColour::grey:
      return PNG_COLOR_TYPE_GRAY;
    case PngColour::rgba:
      return PNG_COLOR_TYPE_RGBA;
    case PngColour::palette:
      return PNG_COLOR_TYPE_PALETTE;
    case PngColour::rgb:
      break;
  }
  return PNG_COLOR_TYPE_RGB;
}

void set_palette(png_structp png, png_infop info, const Palette& palette) {
  std::vector<png_color> colours;
  for (const Rgb colour : palette.colours) {
    colours.push_back({colour.r, colour.g, colour.b});
  }
  png_set_PLTE(png, info, colours.data(), static_cast<int>(colours.size()));
  if (!palette.alpha.empty()) {
    png_set_tRNS(png, info, palette.alpha.data(), static_cast<int>(palette.alpha.size()), nullptr);
  }
}

}  // namespace

std::string encode_png(Size size, const std::uint8_t* samples, const PngOptions& options) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, give_up, ignore_warning);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, write_to_string, nothing_to_flush);
  png_set_compression_level(png, 1);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_IHDR(png, info, static_cast<png_uint_32>(size.width), static_cast<png_uint_32>(size.height), options.depth,
               colour_type(options.colour), options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (options.colour == PngColour::palette) {
    set_palette(png, info, options.palette);
  }
  png_write_info(png, info);
  const std::size_t stride = png_get_rowbytes(png, info);
  std::vector<png_bytep> rows;
  for (int y = 0; y < size.height; ++y) {
    // libpng reads the rows only; its signature lacks the const.
    rows.push_back(const_cast<png_bytep>(samples + stride * static_cast<std::size_t>(y)));
  }
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::string encode_png(const Canvas& canvas, bool interlaced) {
  PngOptions options;
  options.interlaced = interlaced;
  return encode_png(canvas.size, &canvas.pixels.data()->r, options);
}

Indexed to_indexed(const Canvas& canvas) {
  constexpr std::size_t k_first_cube_index = 7;
  constexpr int k_cube_step = 51;
  Indexed out{canvas.size, {}, std::vector<std::uint8_t>(canvas.pixels.size())};
  auto& colours = out.palette.colours;
  colours.assign(scene::k_quadrants.begin(), scene::k_quadrants.end());
  colours.push_back(scene::k_marker);
  colours.push_back({255, 0, 255});  // under the hole: must never be seen
  colours.push_back(scene::k_top_right);
  for (int i = 0; i < 216; ++i) {
    const auto level = [&](int divisor) { return static_cast<std::uint8_t>(i / divisor % 6 * k_cube_step); };
    colours.push_back({level(36), level(6), level(1)});
  }
  out.palette.alpha = {255, 255, 255, 255, 255, 0, scene::k_veil_alpha};

  const auto index_of = [&](Rgb pixel) {
    for (std::size_t i = 0; i < 5; ++i) {
      if (colours[i] == pixel) {
        return static_cast<std::uint8_t>(i);
      }
    }
    const int cube = pixel.r / k_cube_step * 36 + pixel.g / k_cube_step * 6 + pixel.b / k_cube_step;
    return static_cast<std::uint8_t>(k_first_cube_index + static_cast<std::size_t>(cube));
  };
  std::transform(canvas.pixels.begin(), canvas.pixels.end(), out.indices.begin(), index_of);
  const auto at = [&](int x, int y) -> std::uint8_t& {
    return out.indices[static_cast<std::size_t>(y) * canvas.size.width + x];
  };
  for_region(canvas.size, scene::k_hole_region, [&](int x, int y) { at(x, y) = k_hole_index; });
  for_region(canvas.size, scene::k_veil_region, [&](int x, int y) { at(x, y) = k_hole_index + 1; });
  return out;
}

}  // namespace dbr::sim
