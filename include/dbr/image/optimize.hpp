// SPDX-License-Identifier: MIT
// A JPEG in fewer bytes with the same pixels: its coefficients coded again with Huffman tables made for them. Bytes in,
// bytes out; knows no posts and no paths.
//
// What is given back was read again and compared: equal frame (extent, components, sampling, colour space), equal
// quantisation tables and equal coefficients. A decoder's pixels are a function of these, so they are equal too. APPn
// and COM segments (EXIF, ICC, XMP, JFIF, Adobe ...) are there byte for byte and in their order. A progressive picture
// stays progressive, in libjpeg's own order of scans; a sequential one stays sequential. Restart markers, which carry
// nothing of the picture, are dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbr::image {

enum class OptimizeResult {
  smaller,
  // Left as they are:
  not_jpeg,
  cannot_gain,    ///< its tables say so, without a look at its data
  not_smaller,    ///< it was tried
  trailing_data,  ///< bytes after the end of the picture, which offsets in its metadata may point to
  damaged,        ///< an error or a warning of the decoder: what it made of the data is not all there is to it
  unsupported,    ///< arithmetic-coded, 12-bit, lossless, hierarchical, or of a structure the encoder cannot write
  too_large,      ///< beyond the limits
  differs,        ///< what came out was not the same picture
};

std::string_view to_string(OptimizeResult result);

struct OptimizeLimits {
  std::int64_t max_bytes = std::int64_t{64} << 20;
  /// Of the coefficients: 3 bytes a pixel where chroma is halved both ways, 6 where it is not. No more is held of them.
  std::int64_t max_coefficient_bytes = std::int64_t{256} << 20;
  int max_scans = 100;
};

struct Optimized {
  OptimizeResult result = OptimizeResult::not_jpeg;
  std::string jpeg;    ///< when smaller
  std::string detail;  ///< the decoder's words where it is damaged, unsupported or differs
};

/// Any bytes give an answer, the same on every run with one library version. Thread-safe; one call uses one thread. The
/// limits are checked before memory is taken for what they limit.
Optimized optimize_jpeg(std::string_view bytes, const OptimizeLimits& limits = {});

/// About how many bytes optimize_jpeg will take beside `bytes`; 0 when it will see at a glance that nothing is gained.
std::int64_t memory_to_optimize(std::string_view bytes, const OptimizeLimits& limits = {});

}  // namespace dbr::image
