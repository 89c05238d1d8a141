// SPDX-License-Identifier: MIT
// The kinds of picture that are PNG files.
#include <zlib.h>

#include <stdexcept>

#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

constexpr std::string_view k_signature{"\x89PNG\r\n\x1A\n", 8};
constexpr std::size_t k_header_end = 8 + 25;  // signature and IHDR

Picture picture(std::string bytes, Size stored) {
  return {std::move(bytes), stored.width, stored.height};
}

/// The contents of all IDAT chunks of a PNG that we wrote.
std::string image_data(std::string_view png) {
  std::string out;
  std::size_t at = k_signature.size();
  while (at + 12 <= png.size()) {
    std::size_t length = 0;
    for (const char c : png.substr(at, 4)) {
      length = length << 8 | static_cast<unsigned char>(c);
    }
    if (png.substr(at + 4, 4) == "IDAT") {
      out += png.substr(at + 8, length);
    }
    at += length + 12;
  }
  return out;
}

std::string frame_control(std::uint32_t sequence, Size size) {
  std::string out;
  put_be<4>(out, sequence);
  put_be<4>(out, size.width);
  put_be<4>(out, size.height);
  put_be<8>(out, 0);  // offset
  put_be<2>(out, 1);  // delay: a tenth of a second
  put_be<2>(out, 10);
  put_be<2>(out, 0);  // disposal, blending
  return png_chunk("fcTL", out);
}

/// A zlib stream of `blocks` equal pieces of zeros. Each is compressed on its own, so one compression serves for all.
std::string zeros_stream(std::size_t block_size, int blocks) {
  const std::string zeros(block_size, '\0');
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib does not start");
  }
  std::string block(deflateBound(&stream, static_cast<uLong>(block_size)) + 16, '\0');
  // zlib does not write to its input; its C signature only lacks the const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
  stream.avail_in = static_cast<uInt>(block_size);
  stream.next_out = reinterpret_cast<Bytef*>(block.data());
  stream.avail_out = static_cast<uInt>(block.size());
  ::deflate(&stream, Z_FULL_FLUSH);
  block.resize(stream.total_out);
  deflateEnd(&stream);

  uLong sum = adler32(0, nullptr, 0);
  const uLong block_sum = adler32(sum, reinterpret_cast<const Bytef*>(zeros.data()), static_cast<uInt>(block_size));
  std::string out("\x78\xDA", 2);
  for (int i = 0; i < blocks; ++i) {
    out += block;
    sum = adler32_combine(sum, block_sum, static_cast<z_off_t>(block_size));
  }
  out += std::string("\x03\x00", 2);  // an empty last block
  put_be<4>(out, sum);
  return out;
}

}  // namespace

Picture make_rgb_png(Seeded& dice) {
  const Size size = draw_size(dice);
  return picture(encode_png(draw_scene(size, dice)), size);
}

Picture make_interlaced_png(Seeded& dice) {
  const Size size = draw_size(dice);
  return picture(encode_png(draw_scene(size, dice), true), size);
}

Picture make_rgba_png(Seeded& dice) {
  const Size size = draw_size(dice);
  const Canvas canvas = draw_scene(size, dice);
  std::vector<std::uint8_t> samples;
  samples.reserve(canvas.pixels.size() * 4);
  for (const Rgb pixel : canvas.pixels) {
    samples.insert(samples.end(), {pixel.r, pixel.g, pixel.b, 255});
  }
  const auto at = [&](int x, int y) { return samples.begin() + 4 * (std::ptrdiff_t{y} * size.width + x); };
  for_region(size, scene::k_hole_region, [&](int x, int y) {
    const std::array<std::uint8_t, 4> unseen{255, 0, 255, 0};
    std::copy(unseen.begin(), unseen.end(), at(x, y));
  });
  for_region(size, scene::k_veil_region, [&](int x, int y) { at(x, y)[3] = scene::k_veil_alpha; });
  PngOptions options;
  options.colour = PngColour::rgba;
  return picture(encode_png(size, samples.data(), options), size);
}

Picture make_palette_png(Seeded& dice) {
  const Size size = draw_size(dice);
  const Indexed indexed = to_indexed(draw_scene(size, dice));
  PngOptions options;
  options.colour = PngColour::palette;
  options.palette = indexed.palette;
  return picture(encode_png(size, indexed.indices.data(), options), size);
}

Picture make_deep_png(Seeded& dice) {
  const Size size = draw_size(dice);
  const Canvas canvas = draw_scene(size, dice);
  std::vector<std::uint8_t> samples;
  samples.reserve(canvas.pixels.size() * 6);
  for (const Rgb pixel : canvas.pixels) {
    // The high byte is the colour; the low byte is not the same, as in a picture that really has 16 bits.
    samples.insert(samples.end(), {pixel.r, pixel.b, pixel.g, pixel.r, pixel.b, pixel.g});
  }
  PngOptions options;
  options.depth = 16;
  return picture(encode_png(size, samples.data(), options), size);
}

Picture make_animated_png(Seeded& dice) {
  const Size drawn = draw_size(dice);
  const Size size{drawn.width / 2, drawn.height / 2};
  const std::string first = encode_png(draw_scene(size, dice));
  const std::string second = encode_png(draw_scene(size, dice));
  std::string control;
  put_be<4>(control, 2);  // frames
  put_be<4>(control, 0);  // for ever
  std::string second_data;
  put_be<4>(second_data, 2);
  second_data += image_data(second);
  return picture(first.substr(0, k_header_end) + png_chunk("acTL", control) + frame_control(0, size) +
                     png_chunk("IDAT", image_data(first)) + frame_control(1, size) + png_chunk("fdAT", second_data) +
                     png_chunk("IEND", ""),
                 size);
}

Picture make_tiny(Seeded& dice) {
  const int width = dice.between(6, 24);
  const Size size{width, dice.between(6, 24)};
  return picture(encode_png(draw_scene(size, dice)), size);
}

Picture make_very_tall(Seeded& dice) {
  const int width = dice.between(60, 150);
  const Size size{width, width * dice.between(16, 24)};
  return picture(encode_png(draw_scene(size, dice)), size);
}

Picture make_enormous(Seeded& dice) {
  // One bit a pixel and one colour: 112 MB of zeros inside, and three times 900 million bytes as RGB.
  constexpr int k_side = 30'000;
  constexpr int k_blocks = 300;
  constexpr std::size_t k_row = 1 + k_side / 8;
  std::string header;
  put_be<4>(header, k_side);
  put_be<4>(header, k_side);
  header += std::string("\x01\x03\0\0\0", 5);  // one bit, palette, not interlaced
  const std::string palette = noise(dice, 6);
  static const std::string data = zeros_stream(k_row * (k_side / k_blocks), k_blocks);
  return picture(std::string(k_signature) + png_chunk("IHDR", header) + png_chunk("PLTE", palette) +
                     png_chunk("tEXt", std::string("Comment\0", 8) + std::to_string(dice.next())) +
                     png_chunk("IDAT", data) + png_chunk("IEND", ""),
                 {k_side, k_side});
}

}  // namespace dbr::sim
