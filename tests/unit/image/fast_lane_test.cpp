// SPDX-License-Identifier: MIT
// The short cut by itself: right pixels in every layout it takes, and nothing at all where anything is odd.
#include "fast_lane.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>

#include "decoded.hpp"
#include "jpeg_errors.hpp"
#include "jpeg_writer.hpp"
#include "pictures.hpp"
#include "pictures_encode.hpp"
#include "png_unpacked.hpp"

namespace dbr::image {
namespace {

constexpr int k_target = 64;

Plan plan_for(Extent source) {
  Plan plan;
  plan.source = source;
  const double scale = static_cast<double>(k_target) / std::max(source.width, source.height);
  plan.scaled = {static_cast<int>(std::lround(source.width * scale)),
                 static_cast<int>(std::lround(source.height * scale))};
  plan.window = plan.scaled;
  return plan;
}

/// What there is to see at a place, given as fractions of the picture, in each of three planes: waves so long that
/// every resolution has them, and so steep that a third of a pixel's drift shows.
std::array<double, 3> wave(double x, double y) {
  const auto sine = [](double turns) { return std::sin(2 * std::numbers::pi * turns); };
  return {128 + 55 * sine(3 * x + y) + 50 * sine(2 * y - x + 0.3), 128 + 90 * sine(2.5 * x + 0.2),
          128 + 90 * sine(2.5 * y + 0.6)};
}

/// Interleaved; drawn once.
const std::vector<std::uint8_t>& draw_wave(Extent extent) {
  static std::map<std::pair<int, int>, std::vector<std::uint8_t>> drawn;
  std::vector<std::uint8_t>& samples = drawn[{extent.width, extent.height}];
  if (!samples.empty()) {
    return samples;
  }
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      for (const double level : wave((x + 0.5) / extent.width, (y + 0.5) / extent.height)) {
        samples.push_back(static_cast<std::uint8_t>(std::lround(level)));
      }
    }
  }
  return samples;
}

/// The largest difference from the wave itself, which needs no resampling, in the first `planes` planes.
double worst_error(const FastDrawing& drawing, const Plan& plan, std::size_t planes = 3) {
  double worst = 0;
  const Raster& window = drawing.window;
  for (int y = 0; y < window.extent.height; ++y) {
    for (int x = 0; x < window.extent.width; ++x) {
      const auto wanted = wave((plan.left + x + 0.5) / plan.scaled.width, (plan.top + y + 0.5) / plan.scaled.height);
      for (std::size_t plane = 0; plane < planes; ++plane) {
        const std::size_t i = static_cast<std::size_t>(y) * window.stride() + static_cast<std::size_t>(x) * 3 + plane;
        worst = std::max(worst, std::abs(window.samples[i] - wanted[plane]));
      }
    }
  }
  return worst;
}

struct Layout {
  std::string name;
  int across, down;  ///< luma samples a chroma sample
  bool progressive = false;
  J_COLOR_SPACE stored = JCS_YCbCr;
};

/// The samples as they are, Y, Cb, Cr, in the layout.
std::string encode(const std::vector<std::uint8_t>& ycc, Extent extent, const Layout& layout) {
  JpegErrors errors;
  jpeg_compress_struct info{};
  info.err = errors.manager();
  unsigned char* data = nullptr;
  unsigned long size = 0;
  EXPECT_TRUE(errors.guard([&] {
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &data, &size);
    info.image_width = static_cast<JDIMENSION>(extent.width);
    info.image_height = static_cast<JDIMENSION>(extent.height);
    info.input_components = 3;
    info.in_color_space = layout.stored == JCS_RGB ? JCS_RGB : JCS_YCbCr;
    jpeg_set_defaults(&info);
    jpeg_set_colorspace(&info, layout.stored);
    jpeg_set_quality(&info, 100, TRUE);
    info.comp_info[0].h_samp_factor = layout.across;
    info.comp_info[0].v_samp_factor = layout.down;
    if (layout.progressive) {
      jpeg_simple_progression(&info);
    }
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
      auto* row = const_cast<JSAMPLE*>(ycc.data()) + std::size_t{3} * info.next_scanline * info.image_width;
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
  }));
  std::string bytes(reinterpret_cast<const char*>(data), size);
  jpeg_destroy_compress(&info);
  std::free(data);
  return bytes;
}

std::optional<FastDrawing> draw_jpeg(std::string_view bytes, const Plan& plan, bool use_simd = true) {
  MlForm::Time time;
  return draw_plain_jpeg(bytes, {plan, {}, use_simd}, time);
}

std::optional<FastDrawing> draw_png(std::string_view bytes, const Plan& plan, Colour background = {},
                                    bool use_simd = true) {
  MlForm::Time time;
  return draw_plain_png(bytes, {plan, background, use_simd}, time);
}

TEST(FastLaneTest, DrawsEveryLayoutOfJpegWithEveryComponentInPlace) {
  for (const Layout& layout :
       {Layout{"4:4:4", 1, 1}, Layout{"4:2:2", 2, 1}, Layout{"4:2:0", 2, 2}, Layout{"4:4:0", 1, 2},
        Layout{"4:1:1", 4, 1}, Layout{"progressive", 2, 2, true}, Layout{"grey", 1, 1, false, JCS_GRAYSCALE},
        Layout{"grey with factors", 2, 2, false, JCS_GRAYSCALE}}) {
    // In libjpeg's terms 8/8, 4/8, 2/8 and 1/8, none of which divides the extent.
    for (const Extent extent :
         {Extent{121, 80}, Extent{201, 135}, Extent{301, 205}, Extent{515, 611}, Extent{1031, 411}}) {
      SCOPED_TRACE(layout.name + ", " + std::to_string(extent.width));
      const std::string bytes = encode(draw_wave(extent), extent, layout);
      const Plan plan = plan_for(extent);
      const auto drawing = draw_jpeg(bytes, plan);
      ASSERT_TRUE(drawing);
      const bool grey = layout.stored == JCS_GRAYSCALE;
      EXPECT_EQ(drawing->is_grey, grey);
      EXPECT_EQ(drawing->window.model, Raster::Model::ycc);
      EXPECT_EQ(drawing->window.extent, plan.window);
      EXPECT_LT(worst_error(*drawing, plan, grey ? 1 : 3), 4);
      EXPECT_TRUE(!grey || drawing->window.samples[1] == 128);
      EXPECT_EQ(draw_jpeg(bytes, plan, false)->window.samples, drawing->window.samples);
    }
  }
}

TEST(FastLaneTest, LeavesOtherJpegsAlone) {
  const Extent extent{90, 70};
  const std::vector<std::uint8_t> samples = draw_wave(extent);
  EXPECT_FALSE(draw_jpeg(encode(samples, extent, {"", 1, 1, false, JCS_RGB}), plan_for(extent)));
  const std::vector<std::uint8_t> inks(4 * samples.size() / 3, 99);
  EXPECT_FALSE(
      draw_jpeg(sim::encode_jpeg({90, 70}, sim::JpegColour::inverted_cmyk, inks.data(), {}), plan_for(extent)));
  const std::string good = encode(samples, extent, {"", 2, 2});
  EXPECT_TRUE(draw_jpeg(good, plan_for(extent)));
  EXPECT_FALSE(draw_jpeg(good, plan_for({90, 71})));
  EXPECT_FALSE(draw_jpeg("", plan_for(extent)));
}

// Cut anywhere it is the complete lane's; so it is with stray bytes, over which libjpeg only warns.
TEST(FastLaneTest, LeavesDamagedJpegsAlone) {
  const Extent extent{90, 70};
  for (const bool progressive : {false, true}) {
    const std::string good = encode(draw_wave(extent), extent, {"", 2, 2, progressive});
    for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 100) {
      EXPECT_FALSE(draw_jpeg(good.substr(0, size), plan_for(extent))) << size;
    }
    EXPECT_FALSE(draw_jpeg(good.substr(0, good.size() - 1), plan_for(extent)));
    std::string stray = good;
    stray.insert(good.size() - 2, "stray bytes, too many to go unnoticed");
    EXPECT_FALSE(draw_jpeg(stray, plan_for(extent)));
  }
}

std::string encode_png(Extent extent, const std::vector<std::uint8_t>& samples, const sim::PngOptions& options) {
  return sim::encode_png({extent.width, extent.height}, samples.data(), options);
}

/// The wave's first plane in the first channel, and so on.
std::vector<std::uint8_t> with_channels(const std::vector<std::uint8_t>& rgb, std::size_t channels, int alpha) {
  std::vector<std::uint8_t> samples;
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      samples.push_back(channel < 3 ? rgb[i + channel] : static_cast<std::uint8_t>(alpha));
    }
  }
  return samples;
}

TEST(FastLaneTest, AWindowIsAPartOfTheWhole) {
  const Extent extent{301, 205};
  const Plan whole = plan_for(extent);
  Plan part = whole;  // up to the right edge, where rows end
  part.left = whole.scaled.width - 30;
  part.top = 9;
  part.window = {30, 20};
  const std::vector<std::uint8_t>& samples = draw_wave(extent);
  const auto is_part = [&](const auto& all, const auto& some) {
    ASSERT_TRUE(all && some);
    for (int y = 0; y < 20; ++y) {
      const auto from = all->window.samples.begin() +
                        static_cast<std::ptrdiff_t>(y + 9) * static_cast<std::ptrdiff_t>(all->window.stride()) +
                        std::ptrdiff_t{3} * part.left;
      EXPECT_TRUE(std::equal(from, from + 90, some->window.samples.begin() + std::ptrdiff_t{90} * y)) << y;
    }
  };
  const std::string jpeg = encode(samples, extent, {"", 2, 2});
  is_part(draw_jpeg(jpeg, whole), draw_jpeg(jpeg, part));
  const std::string png = encode_png(extent, samples, {});
  is_part(draw_png(png, whole), draw_png(png, part));
  const std::string grey = encode_png(extent, with_channels(samples, 1, 0), {sim::PngColour::grey});
  is_part(draw_png(grey, whole), draw_png(grey, part));
}

TEST(FastLaneTest, DrawsPngs) {
  const Extent extent{301, 205};
  const Plan plan = plan_for(extent);
  const std::vector<std::uint8_t> rgb = draw_wave(extent);

  const std::string colour = encode_png(extent, rgb, {sim::PngColour::rgb});
  const auto drawn = draw_png(colour, plan);
  ASSERT_TRUE(drawn);
  EXPECT_LT(worst_error(*drawn, plan), 2);
  EXPECT_FALSE(drawn->is_grey || drawn->has_alpha);
  EXPECT_EQ(drawn->window.model, Raster::Model::rgb);
  EXPECT_EQ(draw_png(colour, plan, {}, false)->window.samples, drawn->window.samples);

  const auto grey = draw_png(encode_png(extent, with_channels(rgb, 1, 0), {sim::PngColour::grey}), plan);
  ASSERT_TRUE(grey);
  EXPECT_LT(worst_error(*grey, plan, 1), 2);
  EXPECT_TRUE(grey->is_grey);
  EXPECT_EQ(grey->window.samples[1], grey->window.model == Raster::Model::ycc ? 128 : grey->window.samples[0]);

  const auto opaque = draw_png(encode_png(extent, with_channels(rgb, 4, 255), {sim::PngColour::rgba}), plan);
  ASSERT_TRUE(opaque);
  EXPECT_TRUE(opaque->has_alpha);
  EXPECT_EQ(opaque->window.samples, drawn->window.samples);
}

TEST(FastLaneTest, LaysTransparencyOnTheBackground) {
  const Extent extent{100, 80};
  const Plan plan = plan_for(extent);
  std::vector<std::uint8_t> rgba;
  for (int i = 0; i < extent.width * extent.height; ++i) {
    rgba.insert(rgba.end(), {200, 100, 0, 102});
  }
  const std::string bytes = encode_png(extent, rgba, {sim::PngColour::rgba});
  const auto drawn = draw_png(bytes, plan, {0, 50, 255});
  ASSERT_TRUE(drawn);
  const std::vector<std::uint8_t>& samples = drawn->window.samples;
  EXPECT_EQ((std::vector<int>{samples[0], samples[1], samples[2]}), (std::vector<int>{80, 70, 153}));
  EXPECT_EQ(draw_png(bytes, plan, {0, 50, 255}, false)->window.samples, samples);

  sim::PngOptions palette{sim::PngColour::palette, 2, false, {{{9, 8, 7}, {200, 100, 0}}, {0}}};
  const std::vector<std::uint8_t> clear(2000, 0x00), solid(2000, 0x55);
  const auto behind = draw_png(encode_png(extent, clear, palette), plan, {1, 2, 3});
  const auto front = draw_png(encode_png(extent, solid, palette), plan, {1, 2, 3});
  ASSERT_TRUE(behind && front);
  EXPECT_TRUE(behind->has_alpha && !behind->is_grey);
  EXPECT_EQ(behind->window.samples[2], 3);
  EXPECT_EQ(front->window.samples[0], 200);
}

TEST(FastLaneTest, ReadsNarrowGrey) {
  const Extent extent{64, 64};
  for (const int depth : {1, 2, 4}) {
    const std::vector<std::uint8_t> white(64 * 64 * static_cast<std::size_t>(depth) / 8, 0xFF);
    const auto drawn = draw_png(encode_png(extent, white, {sim::PngColour::grey, depth}), plan_for(extent));
    ASSERT_TRUE(drawn) << depth;
    EXPECT_EQ(drawn->window.samples[0], 255) << depth;
  }
}

TEST(FastLaneTest, LeavesOtherPngsAlone) {
  const Extent extent{90, 70};
  const std::vector<std::uint8_t> rgb = draw_wave(extent);
  const std::string good = encode_png(extent, rgb, {});
  EXPECT_TRUE(draw_png(good, plan_for(extent)));
  EXPECT_FALSE(draw_png(good, plan_for({91, 70})));
  EXPECT_FALSE(draw_png(encode_png(extent, rgb, {sim::PngColour::rgb, 8, true}), plan_for(extent)));
  std::vector<std::uint8_t> deep(2 * rgb.size(), 5);
  EXPECT_FALSE(draw_png(encode_png(extent, deep, {sim::PngColour::rgb, 16}), plan_for(extent)));
}

// Every byte of it is under some sum or has a fixed value.
TEST(FastLaneTest, LeavesDamagedPngsAlone) {
  const Extent extent{90, 70};
  const std::string good = encode_png(extent, draw_wave(extent), {});
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 100) {
    EXPECT_FALSE(draw_png(good.substr(0, at), plan_for(extent))) << at;
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_FALSE(draw_png(changed, plan_for(extent))) << at;
  }
  EXPECT_FALSE(draw_png(good.substr(0, good.size() - 1), plan_for(extent)));
}

TEST(UnpackedPngTest, UnpacksWhatIsWhole) {
  const Extent extent{301, 205};
  const std::vector<std::uint8_t>& rgb = draw_wave(extent);
  const std::string good = encode_png(extent, rgb, {});
  UnpackedPng unpacked;
  ASSERT_TRUE(unpacked.unpack(good));
  std::size_t size = 0;
  for (const std::string_view part : unpacked.parts()) {
    size += part.size();
  }
  EXPECT_GT(size, rgb.size());

  EXPECT_FALSE(UnpackedPng().unpack(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(UnpackedPng().unpack(""));
  std::string changed = good;
  changed[good.size() / 2] ^= 1;
  EXPECT_FALSE(UnpackedPng().unpack(changed));
  EXPECT_FALSE(UnpackedPng().unpack(encode_png(extent, rgb, {sim::PngColour::rgb, 8, true})));
  EXPECT_FALSE(UnpackedPng().unpack(sim::make_picture(sim::PictureKind::enormous, 1).bytes));
}

TEST(JpegWriterTest, KeepsThePicture) {
  const Extent extent{120, 80};
  const Raster rgb{Raster::Model::rgb, extent, draw_wave(extent)};
  for (const bool progressive : {false, true}) {
    MlSettings settings;
    settings.quality = 100;
    settings.progressive = progressive;
    const Decoded back = decode(write_jpeg(rgb, settings));
    ASSERT_EQ(back.rgb.size(), rgb.samples.size());
    EXPECT_EQ(back.progressive, progressive);
    EXPECT_FALSE(back.subsampled);
    EXPECT_EQ(back.markers + back.warnings, 0);
    for (std::size_t i = 0; i < back.rgb.size(); ++i) {
      ASSERT_NEAR(back.rgb[i], rgb.samples[i], 4) << i;
    }
  }
}

TEST(JpegWriterTest, TakesYccAsItIs) {
  const Extent extent{120, 80};
  const Raster ycc{Raster::Model::ycc, extent, draw_wave(extent)};
  MlSettings settings;
  settings.quality = 100;
  const std::string bytes = write_jpeg(ycc, settings);
  const auto back = draw_jpeg(bytes, [&] {
    Plan plan = plan_for(extent);
    plan.scaled = plan.window = extent;
    return plan;
  }());
  ASSERT_TRUE(back);
  for (std::size_t i = 0; i < ycc.samples.size(); ++i) {
    ASSERT_NEAR(back->window.samples[i], ycc.samples[i], 2) << i;
  }
  settings.subsampling = Subsampling::half;
  settings.quality = 50;
  const std::string small = write_jpeg(ycc, settings);
  EXPECT_TRUE(decode(small).subsampled);
  EXPECT_LT(small.size(), bytes.size() / 2);
}

}  // namespace
}  // namespace dbr::image
