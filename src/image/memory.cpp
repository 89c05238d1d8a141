// SPDX-License-Identifier: MIT
// How much memory a picture takes at most: what a decoder cannot stream, and the rows on their way. The factors are
// above what was measured with libvips 8.14 on pictures of 12 to 48 megapixels of each kind.
#include <algorithm>

#include "dbr/image/ml_form.hpp"
#include "png_unpacked.hpp"

namespace dbr::image {
namespace {

/// Code, threads' stacks, the canvas and its JPEG.
std::int64_t canvas_bytes(const MlSettings& settings) {
  constexpr std::int64_t k_bytes_per_pixel = 16;
  return std::int64_t{settings.size} * settings.size * k_bytes_per_pixel;
}

}  // namespace

std::int64_t memory_needed(const Outline& outline, std::int64_t file_size, const MlSettings& settings) {
  // Headers may claim anything: beyond these extents everything is refused anyhow, and no product overflows.
  constexpr std::int64_t k_most = 1 << 24;
  const std::int64_t width = std::min(outline.width, k_most);
  const std::int64_t height = std::min(outline.height, k_most);
  const std::int64_t pixels = width * height;
  // Rows that lie between decoder and resampler, of four samples: the short cut's ring has six for each row it makes,
  // libvips a few hundred, of up to 16 bits.
  const std::int64_t reduction = std::max(width, height) / settings.size + 1;
  const bool is_fast = outline.is_plain && settings.lane != Lane::vips;
  const std::int64_t rows = std::min(height, is_fast ? 8 * reduction + 64 : 64 * reduction + 512);
  constexpr std::int64_t k_fast_column = 160;  // filters and rows on their way, however few rows there are
  constexpr std::int64_t k_column = 512;
  const std::int64_t streamed = (is_fast ? 4 : 8) * width * rows + (is_fast ? k_fast_column : k_column) * width;
  // What the whole picture has to lie in: libvips' own copy beside the decoder's.
  std::int64_t held = std::min(outline.held_bytes, std::int64_t{1} << 60);
  // Unpacked beforehand: its chunks joined, and its pixels.
  if (outline.kind == Kind::png && is_fast) {
    held += file_size + std::min(5 * pixels, static_cast<std::int64_t>(k_most_unpacked));
  }
  if (outline.kind == Kind::webp || outline.kind == Kind::gif) held = 12 * pixels;
  // Where libvips reads a JPEG's header, its segments are kept twice.
  if (outline.kind == Kind::jpeg && (!is_fast || outline.has_profile)) held += 2 * file_size;
  if (outline.kind == Kind::avif) held = 24 * pixels;
  return file_size + canvas_bytes(settings) + streamed + held;
}

}  // namespace dbr::image
