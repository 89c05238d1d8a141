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

Filter make_filter(const Axis& axis, std::size_t tap_step);

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

  /// The next row: across.samples samples; up to k_step bytes after them are read, too, whatever is in them.
  void push(const std::uint8_t* row);

  int width() const { return m_scaling->across.count; }
  int height() const { return m_scaling->down.count; }
  /// Of the window, once all rows have come.
  const std::uint8_t* row(int y) const { return m_out.data() + static_cast<std::size_t>(y) * m_out_stride; }

 private:
  void keep(const std::uint8_t* even, const std::uint8_t* odd, int pair);
  void finish_rows(int pairs_seen);

  std::shared_ptr<const Scaling> m_scaling;
  Kernels m_kernels;
  std::size_t m_width;
  std::size_t m_stride, m_out_stride;
  int m_seen = 0;   ///< rows
  int m_ready = 0;  ///< rows of the window
  std::vector<std::uint8_t> m_even;
  /// The latest pairs of rows, as many as are under the filter, laid out for weigh_rows; each in the slot of its number
  /// modulo m_slots.
  std::size_t m_slots;
  std::vector<std::uint8_t> m_ring;
  std::vector<std::int16_t> m_turned;   ///< an output's weights in the order of the slots
  std::vector<std::int16_t> m_between;  ///< k_row_step rows that have been through the first pass
  std::vector<std::int16_t> m_scratch;
  std::vector<std::uint8_t> m_out;
};

/// The windows of three planes as interleaved samples; of one, with two of nothing but `filler`.
std::vector<std::uint8_t> join_planes(std::span<const Resampler> planes, std::uint8_t filler, const Kernels& kernels);

}  // namespace dbr::image
