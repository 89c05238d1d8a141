// SPDX-License-Identifier: MIT
// Compiled once for each instruction set that Highway knows; what each loop means is in resample_plain.cpp.
#include "resample_kernels.hpp"

// Vectors of 512 bits gain nothing here, and the decoder is slower after them.
#define HWY_DISABLED_TARGETS (HWY_AVX3 | HWY_AVX3_DL)
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
using Sums = hn::CappedTag<std::int32_t, k_step / 8>;

/// The sum of neighbouring products, 16 bits times 16 bits: pmaddwd, where there is one.
template <class D, class V, class W = hn::Vec<D> >
W add_pair_products(D d, V a, V b, W sum) {
  W other = hn::Zero(d);
  const W products = hn::ReorderWidenMulAccumulate(d, a, b, hn::Zero(d), other);
  return hn::Add(sum, hn::RearrangeToOddPlusEven(products, other));
}

void pair_rows(const std::uint8_t* even, const std::uint8_t* odd, std::size_t n, std::uint8_t* out,
               std::size_t block_stride) {
  const Bytes d;
  for (std::size_t block = 0; block < n; block += k_step, out += block_stride) {
    for (std::size_t x = 0; x < k_step; x += hn::Lanes(d)) {
      hn::StoreInterleaved2(hn::LoadU(d, even + block + x), hn::LoadU(d, odd + block + x), d, out + 2 * x);
    }
  }
}

void weigh_rows(const std::uint8_t* pairs, std::size_t count, const std::int16_t* weights, std::size_t n,
                std::int16_t* out) {
  constexpr int k_shift = k_weight_bits - k_extra_bits;
  const Sums d;
  const hn::Repartition<std::int16_t, Sums> d_pairs;
  const hn::Rebind<std::uint8_t, decltype(d_pairs)> d_bytes;
  const hn::Rebind<std::int16_t, Sums> d_out;
  const std::size_t lanes = hn::Lanes(d);
  // Eight sums at a time are what there are registers for.
  const auto weigh = [&](const std::uint8_t* from, std::int16_t* to) {
    const auto half = hn::Set(d, 1 << (k_shift - 1));
    auto sum0 = half, sum1 = half, sum2 = half, sum3 = half, sum4 = half, sum5 = half, sum6 = half, sum7 = half;
    for (std::size_t k = 0; k < count; ++k, from += 2 * k_step) {
      std::int32_t two_weights = 0;
      hwy::CopyBytes<sizeof two_weights>(weights + 2 * k, &two_weights);
      const auto weight = hn::BitCast(d_pairs, hn::Set(d, two_weights));
      const auto add = [&](std::size_t i, auto& sum) {
        const auto samples = hn::PromoteTo(d_pairs, hn::LoadU(d_bytes, from + 2 * i * lanes));
        sum = add_pair_products(d, samples, weight, sum);
      };
      add(0, sum0), add(1, sum1), add(2, sum2), add(3, sum3);
      add(4, sum4), add(5, sum5), add(6, sum6), add(7, sum7);
    }
    const auto store = [&](std::size_t i, auto sum) {
      hn::StoreU(hn::DemoteTo(d_out, hn::ShiftRight<k_shift>(sum)), d_out, to + i * lanes);
    };
    store(0, sum0), store(1, sum1), store(2, sum2), store(3, sum3);
    store(4, sum4), store(5, sum5), store(6, sum6), store(7, sum7);
  };
  for (std::size_t block = 0; block < n; block += k_step, pairs += 2 * k_step * count) {
    for (std::size_t x = 0; x < k_step; x += 8 * lanes) {
      weigh(pairs + 2 * x, out + block + x);
    }
  }
}

template <class D, class V>
hn::Vec<hn::FixedTag<std::int32_t, 4> > add_blocks(D d, V v) {
  if constexpr (hn::MaxLanes(d) == 4) {
    return v;
  } else {
    return hn::Add(hn::LowerHalf(v), hn::UpperHalf(hn::FixedTag<std::int32_t, 4>(), v));
  }
}

void weigh_columns(const std::int16_t* rows, std::size_t stride, const Filter& filter, std::int16_t* scratch,
                   std::uint8_t* out, std::size_t out_stride) {
  // A pair of samples from each of four rows, then the next pair from each: no sum has to be added across lanes. Two
  // such fours, for the weights to be spread out but once.
  static_assert(k_row_step == 8);
  const std::size_t count = filter.first.size(), taps = filter.taps;
  const std::size_t four = 4 * (stride + taps);
  const hn::CappedTag<std::uint32_t, k_step / 2> d_across;
  const hn::Repartition<std::int16_t, decltype(d_across)> d_samples;
  for (std::size_t x = 0; x < stride; x += hn::Lanes(d_samples)) {
    const auto pairs = [&](std::size_t y) {
      return hn::BitCast(d_across, hn::LoadU(d_samples, rows + y * stride + x));
    };
    const auto interleave = [&](std::size_t y, std::int16_t* to) {
      hn::StoreInterleaved4(pairs(y), pairs(y + 1), pairs(y + 2), pairs(y + 3), d_across,
                            reinterpret_cast<std::uint32_t*>(to + 4 * x));
    };
    interleave(0, scratch);
    interleave(4, scratch + four);
  }
  // One pair of taps in each block of four lanes.
  constexpr int k_shift = k_weight_bits + k_extra_bits;
  const hn::FixedTag < std::int32_t, HWY_HAVE_SCALABLE || HWY_MAX_BYTES<32 ? 4 : 8> d;
  const hn::FixedTag<std::int32_t, 4> d_block;
  const hn::Repartition<std::int16_t, decltype(d)> d_pairs;
  const hn::FixedTag<std::uint8_t, 4> d_out;
  static_assert(hn::MaxLanes(d_pairs) <= 4 * k_tap_step);
  const auto block_of_lane = hn::IndicesFromVec(d, hn::ShiftRight<2>(hn::Iota(d, 0)));
  const std::int16_t* weights = filter.weights.data();
  const int* first = filter.first.data();
  auto* const quads = reinterpret_cast<std::uint8_t*>(scratch + 2 * four);
  for (std::size_t x = 0; x < count; ++x, weights += taps) {
    const std::int16_t* samples = scratch + 4 * first[x];
    auto sum0 = hn::Zero(d), sum4 = hn::Zero(d);
    for (std::size_t k = 0; k < taps; k += hn::MaxLanes(d) / 2) {
      const auto two_weights = hn::BitCast(d, hn::LoadU(d_pairs, weights + k));
      const auto weight = hn::BitCast(d_pairs, hn::TableLookupLanes(two_weights, block_of_lane));
      sum0 = add_pair_products(d, hn::LoadU(d_pairs, samples + 4 * k), weight, sum0);
      sum4 = add_pair_products(d, hn::LoadU(d_pairs, samples + 4 * k + four), weight, sum4);
    }
    const auto store = [&](auto sum, std::uint8_t* to) {
      const auto rounded = hn::Add(add_blocks(d, sum), hn::Set(d_block, 1 << (k_shift - 1)));
      hn::StoreU(hn::DemoteTo(d_out, hn::ShiftRight<k_shift>(rounded)), d_out, to + 4 * x);
    };
    store(sum0, quads);
    store(sum4, quads + 4 * out_stride);
  }
  const Bytes d_bytes;
  for (std::size_t y = 0; y < 8; y += 4) {
    for (std::size_t x = 0; x < count; x += hn::Lanes(d_bytes)) {
      hn::Vec<Bytes> row0, row1, row2, row3;
      hn::LoadInterleaved4(d_bytes, quads + y * out_stride + 4 * x, row0, row1, row2, row3);
      std::uint8_t* to = out + y * out_stride + x;
      hn::StoreU(row0, d_bytes, to);
      hn::StoreU(row1, d_bytes, to + out_stride);
      hn::StoreU(row2, d_bytes, to + 2 * out_stride);
      hn::StoreU(row3, d_bytes, to + 3 * out_stride);
    }
  }
}

void split_rgb(const std::uint8_t* rgb, std::size_t n, std::uint8_t* const* planes) {
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

void split_rgba(const std::uint8_t* rgba, std::size_t n, Colour background, std::uint8_t* const* planes) {
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

void join(const std::uint8_t* const* planes, std::size_t n, std::uint8_t* out) {
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
