// SPDX-License-Identifier: MIT
// Geometry, orientation, profiles, settings and threads of make_ml_form.
#include "dbr/image/ml_form.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "decoded.hpp"
#include "pictures.hpp"
#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"

namespace dbr::image {
namespace {

using sim::PictureKind;
using std::string_literals::operator""s;

class MlFormTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { start_library(); }
};

sim::Canvas scene_of(sim::Size size) {
  sim::Seeded dice(5);
  return sim::draw_scene(size, dice);
}

sim::Canvas plain(sim::Size size, sim::Rgb colour) {
  return {size, std::vector<sim::Rgb>(static_cast<std::size_t>(size.width) * size.height, colour)};
}

ContentBox box_of(sim::Size size) {
  return make_ml_form(sim::encode_png(plain(size, {200, 200, 200})), {}).box;
}

TEST_F(MlFormTest, KeepsTheShapeAndNeverEnlarges) {
  EXPECT_EQ(box_of({1024, 512}), (ContentBox{0, 128, 512, 256}));
  EXPECT_EQ(box_of({100, 80}), (ContentBox{206, 216, 100, 80}));
  EXPECT_EQ(box_of({512, 512}), (ContentBox{0, 0, 512, 512}));
  EXPECT_EQ(box_of({513, 512}), (ContentBox{0, 0, 512, 511}));
  EXPECT_EQ(box_of({511, 3}), (ContentBox{0, 254, 511, 3}));
  EXPECT_EQ(box_of({1, 1}), (ContentBox{255, 255, 1, 1}));
}

TEST_F(MlFormTest, ExtremeShapesKeepAtLeastOnePixel) {
  for (const sim::Size size : {sim::Size{1, 20'000}, sim::Size{20'000, 1}, sim::Size{3, 9'999}}) {
    const MlForm form = make_ml_form(sim::encode_png(plain(size, {220, 220, 220})), {});
    ASSERT_EQ(form.state, MlState::done) << form.detail;
    EXPECT_EQ(std::max(form.box.width, form.box.height), 512);
    EXPECT_EQ(std::min(form.box.width, form.box.height), 1);
    const Decoded out = decode(form.jpeg);
    EXPECT_EQ(bright_box(out), form.box);
    EXPECT_TRUE(is_near(colour_at(out, form.box, 0.5, 0.5), {220, 220, 220}, 30));
  }
}

TEST_F(MlFormTest, AllEightOrientationsGiveTheSamePicture) {
  for (const sim::Size size : {sim::Size{300, 200}, sim::Size{1000, 611}}) {
    const sim::Canvas upright = scene_of(size);
    const MlForm reference = make_ml_form(sim::encode_jpeg(upright, {}), {});
    ASSERT_EQ(reference.state, MlState::done);
    const Decoded wanted = decode(reference.jpeg);
    for (int orientation = 1; orientation <= 8; ++orientation) {
      for (const bool big_endian : {false, true}) {
        SCOPED_TRACE(orientation);
        sim::JpegOptions options;
        options.exif = sim::make_exif(orientation, big_endian);
        const MlForm form = make_ml_form(sim::encode_jpeg(sim::lay_down(upright, orientation), options), {});
        ASSERT_EQ(form.state, MlState::done);
        EXPECT_EQ(form.orientation, orientation);
        EXPECT_EQ(form.box, reference.box);
        const Decoded out = decode(form.jpeg);
        EXPECT_LT(difference(out, wanted), 1.0);
        EXPECT_TRUE(is_near(colour_at(out, form.box, 0.15, 0.85), sim::scene::k_bottom_left, 6));
      }
    }
  }
}

/// Fine structure that shows a shift of a fraction of a pixel.
sim::Canvas stripes(sim::Size size) {
  sim::Canvas canvas = plain(size, {});
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const auto level = static_cast<std::uint8_t>((x / 7 + y / 11) % 2 == 0 ? 230 : 40);
      canvas.at(x, y) = {level, level, level};
    }
  }
  return canvas;
}

TEST_F(MlFormTest, ThePictureIsNotShifted) {
  // A mirrored picture must give the mirrored result: a dropped edge or a shifted grid would show as a difference of
  // thirty or more. What there is comes from JPEG's own blocks, shrunk by the decoder.
  for (const sim::Size size :
       {sim::Size{1477, 1000}, sim::Size{1024, 768}, sim::Size{2211, 1999}, sim::Size{700, 513}}) {
    const sim::Canvas picture = stripes(size);
    const Decoded straight = decode(make_ml_form(sim::encode_png(picture), {}).jpeg);
    for (const int orientation : {2, 4}) {
      sim::JpegOptions options;
      options.quality = 100;
      options.exif = sim::make_exif(orientation, false);
      const std::string mirrored = sim::encode_jpeg(sim::lay_down(picture, orientation), options);
      EXPECT_LT(difference(decode(make_ml_form(mirrored, {}).jpeg), straight), 5.0)
          << size.width << "x" << size.height << " mirrored by orientation " << orientation;
    }
  }
}

TEST_F(MlFormTest, EdgesAreWhereTheScaleSays) {
  // The border between two halves lies at the same fraction in the output: within a tenth of a pixel.
  const sim::Size size{1477, 1000};
  sim::Canvas halves = plain(size, {0, 0, 0});
  const int border = 1015;
  for (int y = 0; y < size.height; ++y) {
    for (int x = border; x < size.width; ++x) {
      halves.at(x, y) = {200, 200, 200};
    }
  }
  const Decoded out = decode(make_ml_form(sim::encode_png(halves), {}).jpeg);
  double bright = 0;
  for (int x = 0; x < 512; ++x) {
    bright += out.at(x, 256).g / 200.0;
  }
  EXPECT_NEAR(bright, (size.width - border) * 512.0 / size.width, 0.1);
}

TEST_F(MlFormTest, UnfitProfilesAreIgnored) {
  const sim::Canvas canvas = scene_of({300, 200});
  const MlSettings settings{.lane = Lane::vips};  // which draws what has a profile
  const MlForm wanted = make_ml_form(sim::encode_jpeg(canvas, {}), settings);
  std::string cut_profile = sim::wide_profile();
  cut_profile.resize(200);
  testing::internal::CaptureStderr();
  for (const std::string& profile : {"not a profile"s, cut_profile, std::string(5000, '\0')}) {
    sim::JpegOptions options;
    options.profile = profile;
    const MlForm form = make_ml_form(sim::encode_jpeg(canvas, options), settings);
    ASSERT_EQ(form.state, MlState::done) << form.reason << ": " << form.detail;
    EXPECT_TRUE(form.jpeg == wanted.jpeg);
    EXPECT_FALSE(form.had_profile);
    EXPECT_NE(form.detail, "");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(MlFormTest, AColourProfileInAGreyPictureIsIgnored) {
  const std::vector<std::uint8_t> samples(200 * 100, 130);
  sim::JpegOptions options;
  options.profile = sim::wide_profile();
  const std::string bytes = sim::encode_jpeg({200, 100}, sim::JpegColour::grey, samples.data(), options);
  const MlForm form = make_ml_form(bytes, {});
  ASSERT_EQ(form.state, MlState::done) << form.reason << ": " << form.detail;
  EXPECT_TRUE(is_near(colour_at(decode(form.jpeg), form.box, 0.5, 0.5), {130, 130, 130}, 3));
  EXPECT_NE(form.detail, "");
}

TEST_F(MlFormTest, InkWithAnUnfitProfileIsStillInk) {
  std::vector<std::uint8_t> samples(200 * 100 * 4, 255);
  for (std::size_t i = 1; i < samples.size(); i += 4) {
    samples[i] = 0;  // full magenta
  }
  sim::JpegOptions options;
  const std::string good = sim::encode_jpeg({200, 100}, sim::JpegColour::inverted_cmyk, samples.data(), options);
  options.profile = sim::wide_profile();
  const std::string odd = sim::encode_jpeg({200, 100}, sim::JpegColour::inverted_cmyk, samples.data(), options);
  const MlForm form = make_ml_form(odd, {});
  ASSERT_EQ(form.state, MlState::done) << form.reason << ": " << form.detail;
  EXPECT_EQ(form.jpeg, make_ml_form(good, {}).jpeg);
  EXPECT_TRUE(is_near(colour_at(decode(form.jpeg), form.box, 0.5, 0.5), {215, 0, 125}, 30));
}

TEST_F(MlFormTest, GreyWithAlphaAndSixteenBits) {
  std::vector<std::uint8_t> samples;
  for (int i = 0; i < 100 * 100; ++i) {
    samples.insert(samples.end(), {0x90, 0x55});
  }
  sim::PngOptions options;
  options.colour = sim::PngColour::grey;
  options.depth = 16;
  const MlForm form = make_ml_form(sim::encode_png({100, 100}, samples.data(), options), {});
  ASSERT_EQ(form.state, MlState::done) << form.detail;
  EXPECT_TRUE(is_near(colour_at(decode(form.jpeg), form.box, 0.5, 0.5), {0x90, 0x90, 0x90}, 2));
}

TEST_F(MlFormTest, SixteenBitsWithAlpha) {
  std::vector<std::uint8_t> samples;
  for (int i = 0; i < 700 * 700; ++i) {
    samples.insert(samples.end(), {200, 9, 100, 9, 50, 9, 128, 9});
  }
  sim::PngOptions options;
  options.colour = sim::PngColour::rgba;
  options.depth = 16;
  const MlForm form = make_ml_form(sim::encode_png({700, 700}, samples.data(), options), {});
  ASSERT_EQ(form.state, MlState::done) << form.detail;
  EXPECT_TRUE(form.had_alpha);
  EXPECT_TRUE(is_near(colour_at(decode(form.jpeg), form.box, 0.5, 0.5), {100, 50, 25}, 3));
}

TEST_F(MlFormTest, SettingsAreUsed) {
  const std::string bytes = sim::encode_png(scene_of({400, 300}));
  MlSettings settings;
  settings.size = 64;
  const MlForm small = make_ml_form(bytes, settings);
  EXPECT_EQ(small.box, (ContentBox{0, 8, 64, 48}));
  EXPECT_EQ(decode(small.jpeg).width, 64);
  MlSettings coarse;
  coarse.quality = 40;
  EXPECT_LT(make_ml_form(bytes, coarse).jpeg.size(), make_ml_form(bytes, {}).jpeg.size());
  settings.size = 0;
  EXPECT_THROW(make_ml_form(bytes, settings), std::invalid_argument);
}

TEST_F(MlFormTest, ThreadsDoNotChangeABit) {
  std::vector<std::string> sources;
  for (const PictureKind kind : sim::all_picture_kinds()) {
    sources.push_back(sim::make_picture(kind, 21).bytes);
  }
  const auto make_all = [&](std::size_t first, std::vector<MlForm>& out) {
    out.resize(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const std::size_t at = (first + i) % sources.size();
      out[at] = make_ml_form(sources[at], {});
    }
    release_thread();
  };
  std::vector<MlForm> alone;
  make_all(0, alone);
  std::vector<std::vector<MlForm>> together(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < together.size(); ++t) {
    threads.emplace_back([&, t] { make_all(t * 7, together[t]); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& forms : together) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
      EXPECT_EQ(forms[i].jpeg, alone[i].jpeg) << i;
      EXPECT_EQ(forms[i].state, alone[i].state) << i;
      EXPECT_EQ(forms[i].reason, alone[i].reason) << i;
    }
  }
}

}  // namespace
}  // namespace dbr::image
