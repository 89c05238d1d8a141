// SPDX-License-Identifier: MIT
// Compiled once for each instruction set that Highway knows; what each loop means is in resample_plain.cpp.
#include "resample_kernels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "resample_simd.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dbr::image::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR

Kernels make_kernels() {
  return plain_kernels();
}

#else
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::CappedTag<std::uint8_t, k_step>;
/// Vectors no wider than what fills k_step with four of them.
using Sums = hn::CappedTag<std::int32_t, k_step / 4>;

/// The sum of neighbouring products, 16 bits times 16 bits: pmaddwd, where there is one.
template <class D, class V, class W = hn::Vec<D> >
W add_pair_products(D d, V a, V b, W sum) {
  W other = hn::Zero(d);
  const W products = hn::ReorderWidenMulAccumulate(d, a, b, hn::Zero(d), other);
  return hn::Add(sum, hn::RearrangeToOddPlusEven(products, other));
}

void pair_rows(const std::uint8_t* even, const std::uint8_t* odd, std::size_t n, std::uint8_t* out) {
  const Bytes d;
  for (std::size_t x = 0; x < n; x += hn::Lanes(d)) {
    hn::StoreInterleaved2(hn::LoadU(d, even + x), hn::LoadU(d, odd + x), d, out + 2 * x);
  }
}

void weigh_rows(const std::uint8_t* const* pairs, std::size_t count, const std::int16_t* weights, std::size_t n,
                std::int16_t* out) {
  constexpr int k_shift = k_weight_bits - k_extra_bits;
  const Sums d;
  const hn::Repartition<std::int16_t, Sums> d_pairs;
  const hn::Rebind<std::uint8_t, decltype(d_pairs)> d_bytes;
  const hn::Rebind<std::int16_t, Sums> d_out;
  const std::size_t lanes = hn::Lanes(d);
  const auto half = hn::Set(d, 1 << (k_shift - 1));
  for (std::size_t x = 0; x < n; x += 4 * lanes) {
    auto sum0 = half, sum1 = half, sum2 = half, sum3 = half;
    for (std::size_t k = 0; k < count; ++k) {
      std::int32_t two_weights = 0;
      hwy::CopyBytes<sizeof two_weights>(weights + 2 * k, &two_weights);
      const auto weight = hn::BitCast(d_pairs, hn::Set(d, two_weights));
      const auto samples = [&](std::size_t i) {
        return hn::PromoteTo(d_pairs, hn::LoadU(d_bytes, pairs[k] + 2 * (x + i * lanes)));
      };
      sum0 = add_pair_products(d, samples(0), weight, sum0);
      sum1 = add_pair_products(d, samples(1), weight, sum1);
      sum2 = add_pair_products(d, samples(2), weight, sum2);
      sum3 = add_pair_products(d, samples(3), weight, sum3);
    }
    const auto store = [&](auto sum, std::size_t i) {
      hn::StoreU(hn::DemoteTo(d_out, hn::ShiftRight<k_shift>(sum)), d_out, out + x + i * lanes);
    };
    store(sum0, 0);
    store(sum1, 1);
    store(sum2, 2);
    store(sum3, 3);
  }
}

void weigh_columns(const std::int16_t* row, const int* first, const std::int16_t* weights, std::size_t taps,
                   std::size_t n, std::uint8_t* out) {
  constexpr int k_shift = k_weight_bits + k_extra_bits;
  const hn::FixedTag<std::int32_t, k_column_step> d;
  const hn::FixedTag<std::int64_t, k_column_step / 2> d_wide;
  const hn::FixedTag<std::int16_t, k_tap_step> d_taps;
  const hn::FixedTag<std::uint8_t, k_column_step> d_out;
  for (std::size_t x = 0; x < n; x += k_column_step) {
    const auto column = [&](std::size_t i) {
      auto sum = hn::Zero(d);
      const std::int16_t* from = row + first[x + i];
      const std::int16_t* weight = weights + (x + i) * taps;
      for (std::size_t k = 0; k < taps; k += k_tap_step) {
        sum = add_pair_products(d, hn::LoadU(d_taps, from + k), hn::LoadU(d_taps, weight + k), sum);
      }
      return sum;
    };
    // Four sums of four, across: one of each in every lane, twice.
    const auto add_across = [&](auto a, auto b) {
      return hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
    };
    const auto left = hn::BitCast(d_wide, add_across(column(0), column(1)));
    const auto right = hn::BitCast(d_wide, add_across(column(2), column(3)));
    const auto sums = hn::Add(hn::BitCast(d, hn::InterleaveLower(d_wide, left, right)),
                              hn::BitCast(d, hn::InterleaveUpper(d_wide, left, right)));
    const auto rounded = hn::ShiftRight<k_shift>(hn::Add(sums, hn::Set(d, 1 << (k_shift - 1))));
    hn::StoreU(hn::DemoteTo(d_out, rounded), d_out, out + x);
  }
}

void split_rgb(const std::uint8_t* rgb, std::size_t n, std::uint8_t* const planes[3]) {
  const Bytes d;
  for (std::size_t x = 0; x < n; x += hn::Lanes(d)) {
    hn::Vec<Bytes> red, green, blue;
    hn::LoadInterleaved3(d, rgb + 3 * x, red, green, blue);
    hn::StoreU(red, d, planes[0] + x);
    hn::StoreU(green, d, planes[1] + x);
    hn::StoreU(blue, d, planes[2] + x);
  }
}

template <class V>
V flatten(V sample, V alpha, std::uint8_t behind) {
  const hn::DFromV<V> d;
  const auto sum = hn::Add(hn::Add(hn::Mul(sample, alpha), hn::Set(d, 128)),
                           hn::Mul(hn::Set(d, behind), hn::Sub(hn::Set(d, 255), alpha)));
  return hn::ShiftRight<8>(hn::Add(sum, hn::ShiftRight<8>(sum)));
}

void split_rgba(const std::uint8_t* rgba, std::size_t n, Colour background, std::uint8_t* const planes[3]) {
  const hn::CappedTag<std::uint16_t, k_step> d;
  const hn::RebindToSigned<decltype(d)> d_signed;
  const hn::Rebind<std::uint8_t, decltype(d)> d_bytes;
  for (std::size_t x = 0; x < n; x += hn::Lanes(d)) {
    hn::Vec<decltype(d_bytes)> red, green, blue, alpha;
    hn::LoadInterleaved4(d_bytes, rgba + 4 * x, red, green, blue, alpha);
    const auto wide_alpha = hn::PromoteTo(d, alpha);
    const auto store = [&](auto sample, std::uint8_t behind, std::uint8_t* plane) {
      const auto flat = hn::BitCast(d_signed, flatten(hn::PromoteTo(d, sample), wide_alpha, behind));
      hn::StoreU(hn::DemoteTo(d_bytes, flat), d_bytes, plane + x);
    };
    store(red, background.red, planes[0]);
    store(green, background.green, planes[1]);
    store(blue, background.blue, planes[2]);
  }
}

void join(const std::uint8_t* const planes[3], std::size_t n, std::uint8_t* out) {
  const Bytes d;
  std::size_t x = 0;
  for (; x + hn::Lanes(d) <= n; x += hn::Lanes(d)) {
    hn::StoreInterleaved3(hn::LoadU(d, planes[0] + x), hn::LoadU(d, planes[1] + x), hn::LoadU(d, planes[2] + x), d,
                          out + 3 * x);
  }
  for (; x < n; ++x) {
    for (std::size_t plane = 0; plane < 3; ++plane) {
      out[3 * x + plane] = planes[plane][x];
    }
  }
}

}  // namespace

Kernels make_kernels() {
  return {pair_rows, weigh_rows, weigh_columns, split_rgb, split_rgba, join};
}

#endif
}  // namespace dbr::image::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dbr::image {

HWY_EXPORT(make_kernels);

Kernels simd_kernels() {
  return HWY_DYNAMIC_DISPATCH(make_kernels)();
}

}  // namespace dbr::image
#endif
