// SPDX-License-Identifier: MIT
// The inner loops of the short cut, in two editions that give the same bytes: SIMD for the machine at hand (Highway
// chooses), and plain C++, which says what they mean. Integers only, and no sum can overflow, so order does not matter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dbr/image/ml_form.hpp"

namespace dbr::image {

inline constexpr int k_weight_bits = 14;  ///< a weight of 1 is 1 << 14
/// Between the two passes a sample has these bits more. Overshoot and renormalised edges (a sum of absolute weights up
/// to 1.6 in each pass) leave it within 16 bits, and the sums of the second pass within 32.
inline constexpr int k_extra_bits = 6;
/// The loops go in steps of this many samples: rows are readable (and where they are output, writable) up to the next
/// multiple of it.
inline constexpr std::size_t k_step = 64;
inline constexpr std::size_t k_tap_step = 8;     ///< taps of weigh_columns come in multiples of it,
inline constexpr std::size_t k_column_step = 4;  ///< and its columns of this

constexpr std::size_t round_up(std::size_t n, std::size_t step) {
  return (n + step - 1) / step * step;
}

struct Kernels {
  /// Two rows as one of pairs, `out` twice as long.
  void (*pair_rows)(const std::uint8_t* even, const std::uint8_t* odd, std::size_t n, std::uint8_t* out);
  /// out[x] = sum of pairs[k][2x] * weights[2k] + pairs[k][2x + 1] * weights[2k + 1], with the extra bits.
  void (*weigh_rows)(const std::uint8_t* const* pairs, std::size_t count, const std::int16_t* weights, std::size_t n,
                     std::int16_t* out);
  /// out[x] = sum of row[first[x] + k] * weights[x * taps + k], rounded and clamped.
  void (*weigh_columns)(const std::int16_t* row, const int* first, const std::int16_t* weights, std::size_t taps,
                        std::size_t n, std::uint8_t* out);
  void (*split_rgb)(const std::uint8_t* rgb, std::size_t n, std::uint8_t* const planes[3]);
  /// What the pixels look like on the background.
  void (*split_rgba)(const std::uint8_t* rgba, std::size_t n, Colour background, std::uint8_t* const planes[3]);
  /// Writes exactly 3n samples.
  void (*join)(const std::uint8_t* const planes[3], std::size_t n, std::uint8_t* out);
};

Kernels plain_kernels();
Kernels simd_kernels();
inline Kernels kernels(bool use_simd) {
  return use_simd ? simd_kernels() : plain_kernels();
}

}  // namespace dbr::image
