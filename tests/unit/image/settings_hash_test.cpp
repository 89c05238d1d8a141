// SPDX-License-Identifier: MIT
// A result must be made again exactly when a setting it depends on has changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "dbr/image/ml_form.hpp"
#include "pictures.hpp"
#include "pictures_encode.hpp"

namespace dbr::image {
namespace {

bool stands(const MlForm& form, const MlSettings& settings) {
  return std::ranges::count(current_hashes(settings), form.settings_hash) > 0;
}

class SettingsHashTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { start_library(); }

  /// Whether a form of `bytes` stands when `change` was made to the settings.
  static bool stands_after(const std::string& bytes, const std::function<void(MlSettings&)>& change,
                           const MlSettings& before = {}) {
    const MlForm form = make_ml_form(bytes, before);
    EXPECT_TRUE(stands(form, before));
    MlSettings after = before;
    change(after);
    return stands(form, after);
  }

  static std::string png(sim::PngColour colour) {
    sim::PngOptions options;
    options.colour = colour;
    options.depth = 8;
    const std::string samples(40 * 30 * 4, '\x40');
    return sim::encode_png({40, 30}, reinterpret_cast<const std::uint8_t*>(samples.data()), options);
  }
};

TEST_F(SettingsHashTest, WhatShapesAPictureRedoesEveryPicture) {
  const std::string bytes = png(sim::PngColour::rgb);
  EXPECT_TRUE(stands_after(bytes, [](MlSettings&) {}));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.size = 256; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.fit = Fit::cover; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.enlarge = true; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.quality = 91; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.subsampling = Subsampling::half; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.progressive = true; }));
}

TEST_F(SettingsHashTest, TheBackgroundRedoesOnlyWhatLiesOnIt) {
  const auto white = [](MlSettings& s) { s.background = Colour{255, 255, 255}; };
  EXPECT_TRUE(stands_after(png(sim::PngColour::rgb), white));
  EXPECT_FALSE(stands_after(png(sim::PngColour::rgba), white));
  EXPECT_FALSE(stands_after(png(sim::PngColour::rgba), [](MlSettings& s) { s.background.reset(); }));
}

TEST_F(SettingsHashTest, TheLaneRedoesOnlyWhatBothCanDraw) {
  const auto vips = [](MlSettings& s) { s.lane = Lane::vips; };
  EXPECT_FALSE(stands_after(png(sim::PngColour::rgb), vips));
  EXPECT_TRUE(stands_after(sim::make_picture(sim::PictureKind::still_webp, 1).bytes, vips));
  EXPECT_TRUE(stands_after(png(sim::PngColour::rgb), [](MlSettings& s) { s.lane = Lane::scalar; }));
}

TEST_F(SettingsHashTest, LimitsRedoOnlyWhatTheyRefused) {
  const std::string bytes = png(sim::PngColour::rgb);
  EXPECT_TRUE(stands_after(bytes, [](MlSettings& s) { s.max_pixels -= 1; }));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.max_pixels = 1200; }, {.max_pixels = 1199}));
  EXPECT_FALSE(stands_after(bytes, [](MlSettings& s) { s.max_memory = 1 << 30; }, {.max_memory = 1000}));
}

TEST_F(SettingsHashTest, ThePolicyForCutFilesRedoesOnlyThose) {
  const auto accept = [](MlSettings& s) { s.on_truncated = OnTruncated::accept; };
  const std::string bytes = png(sim::PngColour::rgb);
  EXPECT_TRUE(stands_after(bytes, accept));
  EXPECT_FALSE(stands_after(bytes.substr(0, bytes.size() - 12), accept));
  EXPECT_TRUE(stands_after("no picture", accept));
}

}  // namespace
}  // namespace dbr::image
