// SPDX-License-Identifier: MIT
#include <algorithm>

#include "resample_kernels.hpp"

namespace dbr::image {
namespace {

void pair_rows(const std::uint8_t* even, const std::uint8_t* odd, std::size_t n, std::uint8_t* out,
               std::size_t block_stride) {
  for (std::size_t x = 0; x < n; ++x) {
    std::uint8_t* pair = out + x / k_step * block_stride + x % k_step * 2;
    pair[0] = even[x];
    pair[1] = odd[x];
  }
}

void weigh_rows(const std::uint8_t* pairs, std::size_t count, const std::int16_t* weights, std::size_t n,
                std::int16_t* out) {
  constexpr int k_shift = k_weight_bits - k_extra_bits;
  for (std::size_t x = 0; x < n; ++x) {
    int sum = 1 << (k_shift - 1);
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint8_t* pair = pairs + ((x / k_step * count + k) * k_step + x % k_step) * 2;
      sum += pair[0] * weights[2 * k] + pair[1] * weights[2 * k + 1];
    }
    out[x] = static_cast<std::int16_t>(sum >> k_shift);
  }
}

void weigh_columns(const std::int16_t* rows, std::size_t stride, const Filter& filter, std::int16_t*, std::uint8_t* out,
                   std::size_t out_stride) {
  constexpr int k_shift = k_weight_bits + k_extra_bits;
  for (std::size_t y = 0; y < k_row_step; ++y) {
    for (std::size_t x = 0; x < filter.first.size(); ++x) {
      const std::int16_t* samples = rows + y * stride + filter.first[x];
      int sum = 1 << (k_shift - 1);
      for (std::size_t k = 0; k < filter.taps; ++k) {
        sum += samples[k] * filter.weights[x * filter.taps + k];
      }
      out[y * out_stride + x] = static_cast<std::uint8_t>(std::clamp(sum >> k_shift, 0, 255));
    }
  }
}

void split_rgb(const std::uint8_t* rgb, std::size_t n, std::uint8_t* const* planes) {
  for (std::size_t i = 0; i < 3 * n; ++i) {
    planes[i % 3][i / 3] = rgb[i];
  }
}

/// (sample * alpha + behind * (255 - alpha)) / 255, rounded
std::uint8_t flatten(int sample, int alpha, int behind) {
  const int sum = sample * alpha + behind * (255 - alpha) + 128;
  return static_cast<std::uint8_t>((sum + (sum >> 8)) >> 8);
}

void split_rgba(const std::uint8_t* rgba, std::size_t n, Colour background, std::uint8_t* const* planes) {
  for (std::size_t x = 0; x < n; ++x) {
    const std::uint8_t* pixel = rgba + 4 * x;
    planes[0][x] = flatten(pixel[0], pixel[3], background.red);
    planes[1][x] = flatten(pixel[1], pixel[3], background.green);
    planes[2][x] = flatten(pixel[2], pixel[3], background.blue);
  }
}

void join(const std::uint8_t* const* planes, std::size_t n, std::uint8_t* out) {
  for (std::size_t i = 0; i < 3 * n; ++i) {
    out[i] = planes[i % 3][i / 3];
  }
}

}  // namespace

Kernels plain_kernels() {
  return {pair_rows, weigh_rows, weigh_columns, split_rgb, split_rgba, join};
}

}  // namespace dbr::image
