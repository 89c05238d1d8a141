// SPDX-License-Identifier: MIT
// The resampler against a Lanczos3 in double precision that was written down without a thought for speed.
#include "resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <string>

#include <hwy/targets.h>

namespace dbr::image {
namespace {

struct Plane {
  int width = 0, height = 0;
  std::vector<std::uint8_t> samples;

  std::uint8_t at(int x, int y) const { return samples[static_cast<std::size_t>(y) * width + x]; }
};

/// Edges, flat parts and noise.
Plane make_plane(int width, int height) {
  std::mt19937 dice(7);
  Plane plane{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height)};
  for (std::size_t i = 0; i < plane.samples.size(); ++i) {
    const int x = static_cast<int>(i) % width, y = static_cast<int>(i) / width;
    const unsigned chequer = (x / 7 + y / 5) % 2 == 0 ? 255U : 0U;
    plane.samples[i] = static_cast<std::uint8_t>(y % 40 < 20 ? dice() % 256 : chequer);
  }
  return plane;
}

Plane resample(const Plane& from, const Axis& across, const Axis& down, const Kernels& kernels) {
  Resampler resampler(std::make_shared<const Scaling>(across, down), kernels);
  std::vector<std::uint8_t> row(round_up(static_cast<std::size_t>(from.width), k_step) + k_step);
  for (int y = 0; y < from.height; ++y) {
    std::copy_n(from.samples.data() + static_cast<std::size_t>(y) * from.width, from.width, row.data());
    resampler.push(row.data());
  }
  Plane to{across.count, down.count, {}};
  for (int y = 0; y < to.height; ++y) {
    to.samples.insert(to.samples.end(), resampler.row(y), resampler.row(y) + to.width);
  }
  return to;
}

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

/// One output of one dimension, over the real samples only.
double reference(const Axis& axis, int output, const std::function<double(int)>& sample) {
  const double scale = axis.extent / axis.scaled, stretch = std::max(1.0, scale);
  const double centre = (axis.first + output + 0.5) * scale - 0.5;
  double sum = 0, total = 0;
  for (int i = 0; i < axis.samples; ++i) {
    const double x = (i - centre) / stretch;
    const double weight = std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
    sum += weight * sample(i);
    total += weight;
  }
  return sum / total;
}

std::vector<double> reference(const Plane& from, const Axis& across, const Axis& down) {
  std::vector<double> rows(static_cast<std::size_t>(down.count) * from.width);
  for (int y = 0; y < down.count; ++y) {
    for (int x = 0; x < from.width; ++x) {
      rows[static_cast<std::size_t>(y) * from.width + x] =
          reference(down, y, [&](int i) { return static_cast<double>(from.at(x, i)); });
    }
  }
  std::vector<double> out;
  for (int y = 0; y < down.count; ++y) {
    for (int x = 0; x < across.count; ++x) {
      out.push_back(reference(across, x, [&](int i) { return rows[static_cast<std::size_t>(y) * from.width + i]; }));
    }
  }
  return out;
}

Axis whole(int samples, int scaled) {
  return {samples, static_cast<double>(samples), scaled, 0, scaled};
}

struct Case {
  std::string name;
  Axis across, down;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> k_cases = {
      {"Shrunk", whole(133, 51), whole(97, 37)},
      {"HardlyShrunk", whole(100, 93), whole(60, 59)},
      {"AFractionOfASampleMissing", {133, 132.5, 51, 0, 51}, {97, 96.125, 37, 0, 37}},
      {"AWindow", {133, 133, 51, 13, 20}, {97, 97, 37, 30, 7}},
      {"Enlarged", whole(13, 64), whole(9, 41)},
      {"AColumn", whole(1, 1), whole(400, 50)},
      {"ARow", whole(400, 50), whole(1, 1)},
      {"ASample", whole(1, 5), whole(1, 3)},
      {"ToASample", whole(70, 1), whole(45, 1)},
      {"VeryLong", whole(9000, 64), whole(3, 1)},
      {"VeryTall", whole(3, 1), whole(9000, 64)},
  };
  return k_cases;
}

TEST(ResampleTest, EqualsTheReference) {
  for (const auto& [name, across, down] : cases()) {
    SCOPED_TRACE(name);
    const Plane from = make_plane(across.samples, down.samples);
    const Plane to = resample(from, across, down, plain_kernels());
    const std::vector<double> wanted = reference(from, across, down);
    double squares = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double error = to.samples[i] - std::clamp(wanted[i], 0.0, 255.0);
      EXPECT_LT(std::abs(error), 1.0) << "at " << i;
      squares += error * error;
    }
    // Rounding alone is 58.9.
    const double psnr = 10 * std::log10(255.0 * 255.0 / (squares / static_cast<double>(wanted.size()) + 1e-9));
    EXPECT_GT(psnr, wanted.size() > 100 ? 57.5 : 50);
  }
}

TEST(ResampleTest, GivesTheSameBytesOnEveryTarget) {
  for (const auto& [name, across, down] : cases()) {
    SCOPED_TRACE(name);
    const Plane from = make_plane(across.samples, down.samples);
    const Plane plain = resample(from, across, down, plain_kernels());
    for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
      const std::int64_t target = left & -left;
      hwy::SetSupportedTargetsForTest(target);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      EXPECT_EQ(resample(from, across, down, simd_kernels()).samples, plain.samples) << hwy::TargetName(target);
      hwy::SetSupportedTargetsForTest(0);
    }
  }
  hwy::GetChosenTarget().DeInit();
}

TEST(ResampleTest, ScaleOneCopies) {
  const Plane from = make_plane(77, 51);
  EXPECT_EQ(resample(from, whole(77, 77), whole(51, 51), simd_kernels()).samples, from.samples);
}

TEST(ResampleTest, FlatStaysFlat) {
  Plane from = make_plane(301, 203);
  for (const int level : {0, 1, 128, 254, 255}) {
    std::fill(from.samples.begin(), from.samples.end(), static_cast<std::uint8_t>(level));
    const Plane to = resample(from, {301, 300.25, 90, 0, 90}, whole(203, 61), simd_kernels());
    EXPECT_EQ(std::count(to.samples.begin(), to.samples.end(), level), 90 * 61) << level;
  }
}

// What keeps the integers of both passes from overflowing.
TEST(ResampleTest, WeightsAddUpToOneAndOvershootLittle) {
  for (const int samples : {1, 2, 3, 5, 17, 100, 511, 513, 999, 65500}) {
    for (const int scaled : {1, 2, 7, 64, 512, 700}) {
      const Filter filter = make_filter({samples, samples - 0.4, scaled, 0, scaled}, k_tap_step);
      for (int output = 0; output < scaled; ++output) {
        int sum = 0, absolute = 0;
        for (std::size_t k = 0; k < filter.taps; ++k) {
          const int weight = filter.weights[static_cast<std::size_t>(output) * filter.taps + k];
          sum += weight;
          absolute += std::abs(weight);
        }
        ASSERT_EQ(sum, 1 << k_weight_bits) << samples << " to " << scaled << " at " << output;
        ASSERT_LT(absolute, 2 << k_weight_bits) << samples << " to " << scaled << " at " << output;
      }
    }
  }
}

TEST(ResampleTest, FlatteningIsExactlyRounded) {
  constexpr std::size_t k_samples = 256;
  const Colour background{200, 1, 255};
  const double behind[] = {200, 1, 255};
  std::vector<std::uint8_t> rgba(4 * k_samples), planes[3];
  for (auto& plane : planes) {
    plane.resize(k_samples);
  }
  std::uint8_t* const out[] = {planes[0].data(), planes[1].data(), planes[2].data()};
  for (const Kernels& kernels : {plain_kernels(), simd_kernels()}) {
    for (int alpha = 0; alpha < 256; ++alpha) {
      for (std::size_t i = 0; i < k_samples; ++i) {
        const auto sample = static_cast<std::uint8_t>(i);
        const std::uint8_t pixel[] = {sample, sample, sample, static_cast<std::uint8_t>(alpha)};
        std::copy_n(pixel, 4, rgba.data() + 4 * i);
      }
      kernels.split_rgba(rgba.data(), k_samples, background, out);
      for (std::size_t i = 0; i < 3 * k_samples; ++i) {
        const double exact =
            (static_cast<double>(i / 3) * alpha + behind[i % 3] * (255 - alpha)) / 255;  // never half-way: 255 is odd
        ASSERT_EQ(planes[i % 3][i / 3], std::lround(exact)) << i / 3 << " at alpha " << alpha;
      }
    }
  }
}

}  // namespace
}  // namespace dbr::image
