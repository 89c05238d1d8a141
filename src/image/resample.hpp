// SPDX-License-Identifier: MIT
// A streamed Lanczos3: rows of 8-bit samples in, from the top; the window of the scaled plane out. Holds no more than
// the rows under the filter.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "resample_kernels.hpp"

namespace dbr::image {

/// One dimension of a plane.
struct Axis {
  int samples = 0;           ///< as stored
  double extent = 0;         ///< what they stand for: 739 samples of a picture at half size may be 738.5
  int scaled = 0;            ///< the whole plane
  int first = 0, count = 0;  ///< the window in `scaled`
  friend bool operator==(const Axis&, const Axis&) = default;
};

/// Output i is the sum of `taps` samples from first[i] on, times the weights from i * taps on, which add up to 1 and
/// are 0 past the last sample. Idle outputs follow up to a multiple of k_column_step.
struct Filter {
  std::size_t taps = 0;
  std::vector<int> first;
  std::vector<std::int16_t> weights;
};

/// Starts and numbers of taps are multiples of these.
Filter make_filter(const Axis& axis, int start_step, std::size_t tap_step);

/// The filters of a plane, shared by planes of the same geometry.
struct Scaling {
  Scaling(const Axis& across_axis, const Axis& down_axis);

  Axis across, down;
  int left = 0, width = 0;  ///< the source columns that the window needs
  Filter columns;           ///< counts from `left`
  Filter rows;
};

class Resampler {
 public:
  Resampler(std::shared_ptr<const Scaling> scaling, const Kernels& kernels);

  /// The next row: across.samples samples, and as many readable bytes as round_up() wants.
  void push(const std::uint8_t* row);

  int width() const { return m_scaling->across.count; }
  int height() const { return m_scaling->down.count; }
  /// Of the window, once all rows have come.
  const std::uint8_t* row(int y) const { return m_out.data() + static_cast<std::size_t>(y) * m_out_stride; }

 private:
  std::uint8_t* slot(int pair);
  void finish_rows(int pairs_seen);

  std::shared_ptr<const Scaling> m_scaling;
  Kernels m_kernels;
  std::size_t m_width;
  std::size_t m_pair_stride, m_out_stride;
  int m_seen = 0;   ///< rows
  int m_ready = 0;  ///< rows of the window
  std::vector<std::uint8_t> m_even;
  std::vector<std::uint8_t> m_ring;  ///< the latest pairs of rows: as many as the filter has pairs of taps
  std::vector<const std::uint8_t*> m_under;
  std::vector<std::int16_t> m_between;
  std::vector<std::uint8_t> m_out;
};

/// The windows of three planes as interleaved samples; of one, with two of nothing but `filler`.
std::vector<std::uint8_t> join_planes(std::span<const Resampler> planes, std::uint8_t filler, const Kernels& kernels);

}  // namespace dbr::image
