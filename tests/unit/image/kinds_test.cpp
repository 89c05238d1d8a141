// SPDX-License-Identifier: MIT
// Every kind of picture through make_ml_form, judged by the pixels of the output.
#include <gtest/gtest.h>

#include <map>

#include "decoded.hpp"
#include "pictures.hpp"

namespace dbr::image {
namespace {

using sim::PictureKind;
using sim::Rgb;
namespace scene = sim::scene;

constexpr int k_size = 512;

struct Refusal {
  MlState state;
  std::string reason;
};

const std::map<PictureKind, Refusal>& refusals() {
  static const std::map<PictureKind, Refusal> all{
      {PictureKind::animated_gif, {MlState::not_a_still_image, "animated_gif"}},
      {PictureKind::animated_png, {MlState::not_a_still_image, "animated_png"}},
      {PictureKind::animated_webp, {MlState::not_a_still_image, "animated_webp"}},
      {PictureKind::mp4, {MlState::not_a_still_image, "video"}},
      {PictureKind::webm, {MlState::not_a_still_image, "video"}},
      {PictureKind::flash, {MlState::not_a_still_image, "flash"}},
      {PictureKind::ugoira, {MlState::not_a_still_image, "ugoira"}},
      {PictureKind::truncated, {MlState::failed, "truncated"}},
      {PictureKind::garbage, {MlState::failed, "garbage"}},
      {PictureKind::empty, {MlState::failed, "empty"}},
      {PictureKind::enormous, {MlState::failed, "too_many_pixels"}},
  };
  return all;
}

struct Look {
  std::array<Rgb, 4> quadrants = scene::k_quadrants;
  int tolerance = 6;
};

Look expected_look(PictureKind kind) {
  switch (kind) {
    case PictureKind::grey_jpeg: {
      Look look;
      for (std::size_t i = 0; i < 4; ++i) {
        const std::uint8_t level = scene::k_grey_levels[i];
        look.quadrants[i] = {level, level, level};
      }
      return look;
    }
    case PictureKind::cmyk_jpeg:
      // What ink can show of the scene: red and yellow nearly, a duller green, a much duller blue.
      return {{Rgb{219, 39, 40}, Rgb{75, 167, 50}, Rgb{47, 80, 153}, Rgb{230, 209, 34}}, 12};
    case PictureKind::still_webp:
    case PictureKind::avif:
    case PictureKind::icc_jpeg:
      return {scene::k_quadrants, 10};
    case PictureKind::tiny:
      return {scene::k_quadrants, 70};
    case PictureKind::very_wide:
    case PictureKind::very_tall:
      return {scene::k_quadrants, 25};
    default:
      return {};
  }
}

ContentBox expected_box(int width, int height) {
  const double scale = std::min(1.0, double{k_size} / std::max(width, height));
  const int w = std::max(1, static_cast<int>(width * scale + 0.5));
  const int h = std::max(1, static_cast<int>(height * scale + 0.5));
  return {(k_size - w) / 2, (k_size - h) / 2, w, h};
}

void expect_quadrants(const Decoded& out, const ContentBox& box, const Look& look) {
  const std::array<std::pair<double, double>, 4> points{{{0.15, 0.4}, {0.85, 0.4}, {0.15, 0.85}, {0.85, 0.85}}};
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_TRUE(is_near(colour_at(out, box, points[i].first, points[i].second), look.quadrants[i], look.tolerance))
        << "quadrant " << i;
  }
}

void expect_picture(PictureKind kind, const sim::Picture& source, const MlForm& form) {
  ASSERT_EQ(form.state, MlState::done) << form.reason << " " << form.detail;
  EXPECT_EQ(form.reason, "");
  EXPECT_EQ(form.detail, "");
  EXPECT_EQ(form.source_width, source.width);
  EXPECT_EQ(form.source_height, source.height);

  const Decoded out = decode(form.jpeg);
  ASSERT_EQ(out.width, k_size);
  ASSERT_EQ(out.height, k_size);
  EXPECT_EQ(out.components, 3);
  EXPECT_FALSE(out.progressive);
  EXPECT_FALSE(out.subsampled);
  EXPECT_EQ(out.markers, 0);
  EXPECT_EQ(out.warnings, 0);

  const bool turned = form.orientation >= 5;
  const ContentBox box = turned ? expected_box(source.height, source.width) : expected_box(source.width, source.height);
  EXPECT_EQ(form.box, box);
  EXPECT_EQ(bright_box(out), box);
  EXPECT_TRUE(is_black_around(out, box));
  expect_quadrants(out, box, expected_look(kind));
  if (std::min(box.width, box.height) >= 100) {
    EXPECT_TRUE(is_near(colour_at(out, box, 0.08, 0.08), scene::k_marker, 16)) << "marker";
  }
}

class KindsTest : public testing::TestWithParam<PictureKind> {
 protected:
  static void SetUpTestSuite() { start_library(); }
};

TEST_P(KindsTest, GivesTheRightPictureOrTheRightReason) {
  const auto refusal = refusals().find(GetParam());
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(seed);
    const sim::Picture source = sim::make_picture(GetParam(), seed);
    const MlForm form = make_ml_form(source.bytes, {});
    if (refusal == refusals().end()) {
      expect_picture(GetParam(), source, form);
      continue;
    }
    EXPECT_EQ(form.state, refusal->second.state);
    EXPECT_EQ(form.reason, refusal->second.reason);
    EXPECT_TRUE(form.jpeg.empty());
  }
}

std::string kind_name(const testing::TestParamInfo<PictureKind>& info) {
  return std::string(sim::name(info.param));
}

INSTANTIATE_TEST_SUITE_P(Every, KindsTest,
                         testing::ValuesIn(sim::all_picture_kinds().begin(), sim::all_picture_kinds().end()),
                         kind_name);

class KindFactsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { start_library(); }
};

TEST_F(KindFactsTest, TransparencyIsBlackAndItsHiddenColourStaysHidden) {
  for (const PictureKind kind : {PictureKind::rgba_png, PictureKind::palette_png, PictureKind::still_gif}) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      const MlForm form = make_ml_form(sim::make_picture(kind, seed).bytes, {});
      ASSERT_EQ(form.state, MlState::done);
      EXPECT_TRUE(form.had_alpha);
      const Decoded out = decode(form.jpeg);
      EXPECT_TRUE(is_near(colour_at(out, form.box, 0.30, 0.14), {0, 0, 0}, 5)) << sim::name(kind);
      const bool veiled = kind != PictureKind::still_gif;
      const Rgb green = scene::k_top_right;
      const Rgb half{static_cast<std::uint8_t>(green.r / 2), static_cast<std::uint8_t>(green.g / 2),
                     static_cast<std::uint8_t>(green.b / 2)};
      EXPECT_TRUE(is_near(colour_at(out, form.box, 0.70, 0.14), veiled ? half : green, 6)) << sim::name(kind);
      // No magenta fringe either: around the hole red only fades.
      for (double x = 0.18; x < 0.23; x += 0.002) {
        const Rgb c = colour_at(out, form.box, x, 0.14);
        EXPECT_LE(c.b, 60) << sim::name(kind) << " at " << x;
      }
    }
  }
}

TEST_F(KindFactsTest, TheProfileMatters) {
  const sim::Picture source = sim::make_picture(PictureKind::icc_jpeg, 2);
  const Decoded stored = decode(source.bytes);
  const ContentBox whole{0, 0, stored.width, stored.height};
  EXPECT_FALSE(is_near(colour_at(stored, whole, 0.85, 0.4), scene::k_top_right, 40));
  EXPECT_TRUE(make_ml_form(source.bytes, {}).had_profile);
}

TEST_F(KindFactsTest, EveryOrientationOfTheKindIsReported) {
  for (std::uint64_t seed = 0; seed < 7; ++seed) {
    const MlForm form = make_ml_form(sim::make_picture(PictureKind::exif_jpeg, seed).bytes, {});
    EXPECT_EQ(form.orientation, 2 + static_cast<int>(seed));
  }
}

}  // namespace
}  // namespace dbr::image
