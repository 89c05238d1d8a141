// SPDX-License-Identifier: MIT
// The inner loops of the short cut, in two editions that give the same bytes: SIMD for the machine at hand (Highway
// chooses), and plain C++, which says what they mean. Integers only, and no sum can overflow, so order does not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dbr/image/ml_form.hpp"

namespace dbr::image {

inline constexpr int k_weight_bits = 14;  ///< a weight of 1 is 1 << 14
/// Between the two passes a sample has these bits more. The absolute weights of an output add up to less than 2, so it
/// stays within 16 bits whatever the filter overshoots, and the sums of the second pass within 32.
inline constexpr int k_extra_bits = 6;
/// The loops go in steps of this many samples: rows are readable (and where they are output, writable) up to the next
/// multiple of it.
inline constexpr std::size_t k_step = 64;
/// weigh_columns works on so many rows at once, and takes so many taps.
inline constexpr std::size_t k_row_step = 8, k_tap_step = 4;

constexpr std::size_t round_up(std::size_t n, std::size_t step) {
  return (n + step - 1) / step * step;
}

/// Output i is the sum of `taps` samples from first[i] on, times the weights from i * taps on, which add up to 1 and
/// are 0 past the last sample. Starts and `taps` are even: samples are taken in pairs. k_step idle weights follow.
struct Filter {
  std::size_t taps = 0;
  std::vector<int> first;
  std::vector<std::int16_t> weights;
};

struct Kernels {
  /// Two rows as one of pairs, in blocks of k_step pairs that are `block_stride` apart.
  void (*pair_rows)(const std::uint8_t* even, const std::uint8_t* odd, std::size_t n, std::uint8_t* out,
                    std::size_t block_stride);
  /// `count` such rows whose blocks follow each other, [block][row][pair], to one row with the extra bits: the sum of
  /// the first sample of row k's pair times weights[2k] and the second times weights[2k + 1].
  void (*weigh_rows)(const std::uint8_t* pairs, std::size_t count, const std::int16_t* weights, std::size_t n,
                     std::int16_t* out);
  /// k_row_step rows of `stride` samples through the filter, rounded and clamped, into as many of `out_stride`.
  /// `scratch` is as long as they and (taps + out_stride) * k_row_step.
  void (*weigh_columns)(const std::int16_t* rows, std::size_t stride, const Filter& filter, std::int16_t* scratch,
                        std::uint8_t* out, std::size_t out_stride);
  /// Into three planes.
  void (*split_rgb)(const std::uint8_t* rgb, std::size_t n, std::uint8_t* const* planes);
  /// Into three planes of what the pixels look like on the background.
  void (*split_rgba)(const std::uint8_t* rgba, std::size_t n, Colour background, std::uint8_t* const* planes);
  /// Three planes to exactly 3n samples.
  void (*join)(const std::uint8_t* const* planes, std::size_t n, std::uint8_t* out);
};

Kernels plain_kernels();
Kernels simd_kernels();
inline Kernels kernels(bool use_simd) {
  return use_simd ? simd_kernels() : plain_kernels();
}

}  // namespace dbr::image
