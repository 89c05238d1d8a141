// SPDX-License-Identifier: MIT
#include "resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <utility>

namespace dbr::image {
namespace {

constexpr double k_lobes = 3;

/// sinc(x) * sinc(x / 3), with one sine: sin(3a) is 3 sin a - 4 sin^3 a.
double lanczos3(double x) {
  const double angle = std::numbers::pi * x;
  if (std::abs(angle) < 1e-9) {
    return 1;
  }
  const double sine = std::sin(angle / k_lobes);
  return std::abs(x) < k_lobes ? k_lobes * sine * sine * (3 - 4 * sine * sine) / (angle * angle) : 0;
}

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

/// As whole numbers that add up to exactly 1: each takes over what rounding left of those before.
void weigh(const Place& place, std::int16_t* out) {
  std::vector<double> sums;
  double sum = 0;
  for (int sample = place.first; sample <= place.last; ++sample) {
    sum += lanczos3((sample - place.centre) / place.stretch);
    sums.push_back(sum);
  }
  long given = 0;
  for (const double part : sums) {
    const long due = std::lround(part / sum * (1 << k_weight_bits));
    *out++ = static_cast<std::int16_t>(due - given);
    given = due;
  }
}

}  // namespace

Filter make_filter(const Axis& axis, int start_step, std::size_t tap_step) {
  Filter filter;
  for (int output = 0; output < axis.count; ++output) {
    const Place place = place_of(axis, output);
    const int start = place.first / start_step * start_step;
    filter.first.push_back(start);
    filter.taps = std::max(filter.taps, round_up(static_cast<std::size_t>(place.last + 1 - start), tap_step));
  }
  filter.first.resize(round_up(filter.first.size(), k_column_step), filter.first.front());
  filter.weights.resize(filter.first.size() * filter.taps);
  for (int output = 0; output < axis.count; ++output) {
    const auto i = static_cast<std::size_t>(output);
    const Place place = place_of(axis, output);
    weigh(place, filter.weights.data() + i * filter.taps + (place.first - filter.first[i]));
  }
  return filter;
}

Scaling::Scaling(const Axis& across_axis, const Axis& down_axis)
    : across(across_axis), down(down_axis), columns(make_filter(across, 1, k_tap_step)), rows(make_filter(down, 2, 2)) {
  left = columns.first.front();
  const int last = columns.first[static_cast<std::size_t>(across.count) - 1] + static_cast<int>(columns.taps);
  width = std::min(last, across.samples) - left;
  for (int& first : columns.first) {
    first -= left;
  }
}

Resampler::Resampler(std::shared_ptr<const Scaling> scaling, const Kernels& kernels)
    : m_scaling(std::move(scaling)),
      m_kernels(kernels),
      m_width(static_cast<std::size_t>(m_scaling->width)),
      m_pair_stride(2 * round_up(m_width, k_step)),
      m_out_stride(round_up(static_cast<std::size_t>(m_scaling->across.count), k_step)),
      m_even(round_up(m_width, k_step)),
      m_ring(m_scaling->rows.taps / 2 * m_pair_stride),
      m_under(m_scaling->rows.taps / 2),
      m_between(round_up(m_width, k_step) + m_scaling->columns.taps),
      m_out(m_out_stride * static_cast<std::size_t>(m_scaling->down.count)) {}

std::uint8_t* Resampler::slot(int pair) {
  return m_ring.data() + static_cast<std::size_t>(pair) % m_under.size() * m_pair_stride;
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
    m_kernels.pair_rows(m_even.data(), needed, m_width, slot(y / 2));
  } else if (is_last) {
    m_kernels.pair_rows(needed, needed, m_width, slot(y / 2));
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
    const int end = std::min(first + static_cast<int>(m_under.size()), all_pairs);
    if (end > pairs_seen) {
      return;
    }
    for (int pair = first; pair < end; ++pair) {
      m_under[static_cast<std::size_t>(pair - first)] = slot(pair);
    }
    m_kernels.weigh_rows(m_under.data(), static_cast<std::size_t>(end - first),
                         scaling.rows.weights.data() + output * scaling.rows.taps, m_width, m_between.data());
    m_kernels.weigh_columns(m_between.data(), scaling.columns.first.data(), scaling.columns.weights.data(),
                            scaling.columns.taps, static_cast<std::size_t>(scaling.across.count),
                            m_out.data() + output * m_out_stride);
  }
}

std::vector<std::uint8_t> join_planes(std::span<const Resampler> planes, std::uint8_t filler, const Kernels& kernels) {
  const auto width = static_cast<std::size_t>(planes.front().width());
  const int height = planes.front().height();
  const std::vector<std::uint8_t> nothing(round_up(width, k_step), filler);
  std::vector<std::uint8_t> samples(3 * width * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const auto row = [&](std::size_t plane) { return plane < planes.size() ? planes[plane].row(y) : nothing.data(); };
    const std::uint8_t* const rows[] = {row(0), row(1), row(2)};
    kernels.join(rows, width, samples.data() + 3 * width * static_cast<std::size_t>(y));
  }
  return samples;
}

}  // namespace dbr::image
