// SPDX-License-Identifier: MIT
#include "resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <utility>

namespace dbr::image {
namespace {

constexpr double k_lobes = 3;

/// The filter over one output: wider by `stretch` when it shrinks.
struct Place {
  double centre, stretch;
  int first, last;  ///< samples under it, all of them real ones
};

Place place_of(const Axis& axis, int output) {
  const double scale = axis.extent / axis.scaled;
  const double stretch = std::max(scale, 1.0);
  const double centre = (axis.first + output + 0.5) * scale - 0.5;
  return {centre, stretch, std::max(static_cast<int>(std::ceil(centre - k_lobes * stretch)), 0),
          std::min(static_cast<int>(std::floor(centre + k_lobes * stretch)), axis.samples - 1)};
}

/// The filter's values: sinc(x) * sinc(x / 3), each added to those before. sin(3a) is 3 sin a - 4 sin^3 a, and the sine
/// of the next sample comes from this one's by turning, so that two sines do for all.
void add_up(const Place& place, std::vector<double>& sums) {
  constexpr double k_third = std::numbers::pi / k_lobes;
  const double step = k_third / place.stretch;
  const double turn_sin = std::sin(step), turn_cos = std::cos(step);
  double angle = (place.first - place.centre) * step;
  double sine = std::sin(angle), cosine = std::cos(angle);
  double sum = 0;
  sums.clear();
  for (int sample = place.first; sample <= place.last; ++sample) {
    const double ratio = sine / angle;
    sum += std::abs(angle) < 1e-9 ? 1 : ratio * ratio * (1 - 4 * sine * sine / 3);
    sums.push_back(sum);
    angle += step;
    cosine = cosine * turn_cos - std::exchange(sine, sine * turn_cos + cosine * turn_sin) * turn_sin;
  }
}

/// As whole numbers that add up to exactly 1: each takes over what rounding left of those before.
void quantise(const std::vector<double>& sums, std::int16_t* out) {
  constexpr int k_one = 1 << k_weight_bits;
  const double scale = k_one / sums.back();
  constexpr double k_bias = k_one + 0.5;  // casts round towards 0, and a sum may be below it
  int given = k_one;
  for (const double sum : sums) {
    const int due = static_cast<int>(sum * scale + k_bias);
    *out++ = static_cast<std::int16_t>(due - std::exchange(given, due));
  }
}

}  // namespace

Filter make_filter(const Axis& axis, std::size_t tap_step) {
  Filter filter;
  for (int output = 0; output < axis.count; ++output) {
    const Place place = place_of(axis, output);
    filter.first.push_back(place.first / 2 * 2);
    filter.taps =
        std::max(filter.taps, round_up(static_cast<std::size_t>(place.last + 1 - filter.first.back()), tap_step));
  }
  filter.weights.resize(filter.first.size() * filter.taps + k_step);
  std::vector<double> sums;
  for (int output = 0; output < axis.count; ++output) {
    const auto i = static_cast<std::size_t>(output);
    const Place place = place_of(axis, output);
    add_up(place, sums);
    quantise(sums, filter.weights.data() + i * filter.taps + (place.first - filter.first[i]));
  }
  return filter;
}

Scaling::Scaling(const Axis& across_axis, const Axis& down_axis)
    : across(across_axis), down(down_axis), columns(make_filter(across, k_tap_step)), rows(make_filter(down, 2)) {
  left = columns.first.front();
  width = std::min(columns.first.back() + static_cast<int>(columns.taps), across.samples) - left;
  for (int& first : columns.first) {
    first -= left;
  }
}

Resampler::Resampler(std::shared_ptr<const Scaling> scaling, const Kernels& kernels)
    : m_scaling(std::move(scaling)),
      m_kernels(kernels),
      m_width(static_cast<std::size_t>(m_scaling->width)),
      m_stride(round_up(m_width, k_step)),
      m_out_stride(round_up(static_cast<std::size_t>(m_scaling->across.count), k_step)),
      m_even(m_stride),
      m_slots(m_scaling->rows.taps / 2),
      m_ring(m_slots * 2 * m_stride),
      m_turned(2 * m_slots),
      m_between(m_stride * k_row_step + m_scaling->columns.taps),
      m_scratch((m_stride + m_scaling->columns.taps + m_out_stride) * k_row_step),
      m_out(m_out_stride * round_up(static_cast<std::size_t>(m_scaling->down.count), k_row_step)) {}

void Resampler::keep(const std::uint8_t* even, const std::uint8_t* odd, int pair) {
  const std::size_t slot = static_cast<std::size_t>(pair) % m_slots;
  m_kernels.pair_rows(even, odd, m_width, m_ring.data() + slot * 2 * k_step, m_slots * 2 * k_step);
}

void Resampler::push(const std::uint8_t* row) {
  const int y = m_seen++;
  const bool is_last = m_seen == m_scaling->down.samples;
  // Rows above the window or below it.
  if (m_ready == m_scaling->down.count || y < m_scaling->rows.first[static_cast<std::size_t>(m_ready)]) {
    return;
  }
  const std::uint8_t* needed = row + m_scaling->left;
  if (y % 2 == 1) {
    keep(m_even.data(), needed, y / 2);
  } else if (is_last) {
    keep(needed, needed, y / 2);
  } else {
    std::memcpy(m_even.data(), needed, m_width);
    return;
  }
  finish_rows(is_last ? y / 2 + 1 : (y + 1) / 2);
}

void Resampler::finish_rows(int pairs_seen) {
  const Scaling& scaling = *m_scaling;
  const int all_pairs = (scaling.down.samples + 1) / 2;
  for (; m_ready < scaling.down.count; ++m_ready) {
    const auto output = static_cast<std::size_t>(m_ready);
    const int first = scaling.rows.first[output] / 2;
    if (std::min(first + static_cast<int>(m_slots), all_pairs) > pairs_seen) {
      return;
    }
    // Past the last pair a slot holds an older one, and the weight is 0.
    const std::int16_t* weights = scaling.rows.weights.data() + output * scaling.rows.taps;
    const std::size_t turn = static_cast<std::size_t>(first) % m_slots * 2;
    std::rotate_copy(weights, weights + (scaling.rows.taps - turn), weights + scaling.rows.taps, m_turned.data());
    const std::size_t place = output % k_row_step;
    m_kernels.weigh_rows(m_ring.data(), m_slots, m_turned.data(), m_width, m_between.data() + place * m_stride);
    if (place + 1 == k_row_step || m_ready + 1 == scaling.down.count) {
      m_kernels.weigh_columns(m_between.data(), m_stride, scaling.columns, m_scratch.data(),
                              m_out.data() + (output - place) * m_out_stride, m_out_stride);
    }
  }
}

std::vector<std::uint8_t> join_planes(std::span<const Resampler> planes, std::uint8_t filler, const Kernels& kernels) {
  const auto width = static_cast<std::size_t>(planes.front().width());
  const int height = planes.front().height();
  const std::vector<std::uint8_t> nothing(round_up(width, k_step), filler);
  std::vector<std::uint8_t> samples(3 * width * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const auto row = [&](std::size_t plane) { return plane < planes.size() ? planes[plane].row(y) : nothing.data(); };
    const std::array rows = {row(0), row(1), row(2)};
    kernels.join(rows.data(), width, samples.data() + 3 * width * static_cast<std::size_t>(y));
  }
  return samples;
}

}  // namespace dbr::image
