// SPDX-License-Identifier: MIT
// Fewer bytes, the same pixels, every segment; and everything that must be left as it is.
#include "dbr/image/optimize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

// jpeglib.h needs cstdio.
#include <jpeglib.h>

#include "pictures.hpp"
#include "pictures_scene.hpp"

namespace dbr::image {
namespace {

using std::string_literals::operator""s;

struct Coding {
  int components = 3;  ///< 1, 3 or 4
  bool optimized = false, progressive = false, arithmetic = false;
  int factor = 2;  ///< of the first component, both ways
  unsigned restart_interval = 0;
  std::vector<std::pair<int, std::string>> segments = {};
  sim::Size size = {120, 90};
};

// A scene's red is the grey, and all four inks take from it in turn. Errors end the test: libjpeg calls exit().
std::string encode(const Coding& coding) {
  sim::Seeded dice(5);
  const sim::Canvas scene = sim::draw_scene(coding.size, dice);
  jpeg_error_mgr errors{};
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&info, &data, &length);
  info.image_width = static_cast<JDIMENSION>(coding.size.width);
  info.image_height = static_cast<JDIMENSION>(coding.size.height);
  info.input_components = coding.components;
  info.in_color_space = coding.components == 1 ? JCS_GRAYSCALE : coding.components == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  if (coding.components == 4) jpeg_set_colorspace(&info, JCS_YCCK);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = coding.factor;
  info.optimize_coding = coding.optimized ? TRUE : FALSE;
  info.arith_code = coding.arithmetic ? TRUE : FALSE;
  info.restart_interval = coding.restart_interval;
  if (coding.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  for (const auto& [marker, payload] : coding.segments) {
    jpeg_write_marker(&info, marker, reinterpret_cast<const JOCTET*>(payload.data()),
                      static_cast<unsigned>(payload.size()));
  }
  std::vector<std::uint8_t> row;
  for (int y = 0; y < coding.size.height; ++y) {
    row.clear();
    for (int x = 0; x < coding.size.width; ++x) {
      const sim::Rgb c = scene.pixels[static_cast<std::size_t>(y) * coding.size.width + x];
      const std::uint8_t samples[] = {c.r, c.g, c.b, static_cast<std::uint8_t>(255 - c.r)};
      row.insert(row.end(), samples, samples + coding.components);
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned(data, std::free);
  return {reinterpret_cast<const char*>(data), length};
}

struct Picture {
  int components = 0;
  bool progressive = false;
  std::vector<std::uint8_t> samples;
  std::vector<std::string> segments;  ///< the marker's byte, then the payload
  bool operator==(const Picture&) const = default;
};

// In the file's own colours.
Picture decode(std::string_view jpeg) {
  Picture out;
  jpeg_error_mgr errors{};
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
  jpeg_save_markers(&info, JPEG_COM, 0xFFFF);
  for (int i = 0; i < 16; ++i) jpeg_save_markers(&info, JPEG_APP0 + i, 0xFFFF);
  jpeg_read_header(&info, TRUE);
  jpeg_start_decompress(&info);
  out.components = info.output_components;
  out.progressive = info.progressive_mode != FALSE;
  const std::size_t stride = std::size_t{info.output_width} * info.output_components;
  out.samples.resize(stride * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = out.samples.data() + stride * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) {
    out.segments.push_back(std::string(1, static_cast<char>(marker->marker)) +
                           std::string(reinterpret_cast<const char*>(marker->data), marker->data_length));
  }
  jpeg_destroy_decompress(&info);
  return out;
}

std::string_view name_of_result(std::string_view bytes, const OptimizeLimits& limits = {}) {
  return to_string(optimize_jpeg(bytes, limits).result);
}

const std::vector<std::pair<int, std::string>> k_segments = {{JPEG_APP0 + 1, "Exif\0\0MM\0*\0\0\0\b\0\0\0\0\0\0"s},
                                                             {JPEG_COM, "first"},
                                                             {JPEG_APP0 + 2, std::string(60'000, 'i')},
                                                             {JPEG_APP0 + 13, "Photoshop 3.0\0"s},
                                                             {JPEG_COM, "second\0odd"s},
                                                             {JPEG_APP0 + 1, ""}};

TEST(OptimizeTest, UsualTablesAreReplacedAndNothingElse) {
  for (const int components : {1, 3, 4}) {
    for (const int factor : {1, 2}) {
      const std::string bytes = encode({.components = components, .factor = factor, .segments = k_segments});
      const Optimized made = optimize_jpeg(bytes);
      ASSERT_EQ(to_string(made.result), "smaller") << components << " components: " << made.detail;
      EXPECT_LT(made.jpeg.size(), bytes.size());
      EXPECT_EQ(decode(made.jpeg), decode(bytes)) << components << " components";
    }
  }
}

TEST(OptimizeTest, IsWhatTheEncoderWouldHaveWrittenWithItsOwnTables) {
  EXPECT_EQ(optimize_jpeg(encode({})).jpeg, encode({.optimized = true}));
}

TEST(OptimizeTest, RestartMarkersGo) {
  const std::string bytes = encode({.optimized = true, .restart_interval = 2});
  EXPECT_NE(bytes.find("\xFF\xDD"), std::string::npos);
  const Optimized made = optimize_jpeg(bytes);
  ASSERT_EQ(to_string(made.result), "smaller") << made.detail;
  EXPECT_EQ(made.jpeg, encode({.optimized = true}));
}

TEST(OptimizeTest, SameBytesEveryTimeAndNothingMoreToGain) {
  const std::string bytes = encode({.segments = k_segments});
  const std::string made = optimize_jpeg(bytes).jpeg;
  EXPECT_EQ(optimize_jpeg(bytes).jpeg, made);
  EXPECT_EQ(name_of_result(made), "cannot_gain");
}

TEST(OptimizeTest, TablesMadeForThePictureAreLeft) {
  for (const int components : {1, 3, 4}) {
    EXPECT_EQ(name_of_result(encode({.components = components, .optimized = true})), "cannot_gain");
    const std::string progressive = encode({.components = components, .progressive = true});
    EXPECT_EQ(name_of_result(progressive), "cannot_gain") << components;
    EXPECT_EQ(memory_to_optimize(progressive), 0);
  }
}

TEST(OptimizeTest, ProgressiveStaysProgressive) {
  const std::string bytes = encode({.progressive = true, .restart_interval = 2, .segments = k_segments});
  const Optimized made = optimize_jpeg(bytes);
  ASSERT_EQ(to_string(made.result), "smaller") << made.detail;
  EXPECT_TRUE(decode(made.jpeg).progressive);
  EXPECT_EQ(decode(made.jpeg), decode(bytes));
}

TEST(OptimizeTest, OnlyJpegsAreTried) {
  EXPECT_EQ(name_of_result(""), "not_jpeg");
  EXPECT_EQ(name_of_result(sim::make_picture(sim::PictureKind::rgb_png, 1).bytes), "not_jpeg");
  EXPECT_EQ(name_of_result("\xFF\xD8\xFF"), "damaged");
  EXPECT_EQ(name_of_result("\xFF\xD8\xFF\xD9"), "unsupported");
  EXPECT_EQ(name_of_result(encode({.arithmetic = true})), "unsupported");
}

TEST(OptimizeTest, BytesAfterTheEndAreNotLost) {
  EXPECT_EQ(name_of_result(encode({}) + '\0'), "trailing_data");
}

TEST(OptimizeTest, NoCutFileIsTouched) {
  for (const bool progressive : {false, true}) {
    const std::string bytes = encode({.progressive = progressive, .restart_interval = 3});
    for (std::size_t length = 4; length < bytes.size(); length += 97) {
      EXPECT_EQ(name_of_result(bytes.substr(0, length)), "damaged") << length;
      // The end is there, what comes before it is not.
      EXPECT_NE(name_of_result(bytes.substr(0, length) + "\xFF\xD9"), "smaller") << length;
    }
  }
}

// Not a word of warning from the decoder; but it smooths over what the last scan would have told.
TEST(OptimizeTest, MissingScansAreNotMadeUp) {
  const std::string bytes = encode({.progressive = true, .restart_interval = 2});
  const Optimized made = optimize_jpeg(bytes.substr(0, bytes.rfind("\xFF\xC4")) + "\xFF\xD9");
  EXPECT_EQ(to_string(made.result), "damaged");
  EXPECT_EQ(made.detail, "scans are missing");
}

TEST(OptimizeTest, WhatADecoderWarnsOfIsLeft) {
  const std::string bytes = encode({});
  const std::size_t header = bytes.find("\xFF\xDB");
  EXPECT_EQ(name_of_result(bytes.substr(0, header) + "stray" + bytes.substr(header)), "damaged");
  std::string lost = encode({.restart_interval = 2});
  const std::size_t restart = lost.find("\xFF\xD1");
  lost.erase(restart, 2);
  const Optimized made = optimize_jpeg(lost);
  EXPECT_EQ(to_string(made.result), "damaged");
  EXPECT_NE(made.detail, "");
}

TEST(OptimizeTest, LimitsHold) {
  const std::string bytes = encode({.factor = 1});
  // 15 by 12 blocks, three times.
  constexpr std::int64_t k_coefficients = std::int64_t{15} * 12 * 3 * 128;
  EXPECT_EQ(memory_to_optimize(bytes), k_coefficients + static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(name_of_result(bytes, {.max_coefficient_bytes = k_coefficients}), "smaller");
  EXPECT_EQ(name_of_result(bytes, {.max_coefficient_bytes = k_coefficients - 1}), "too_large");
  EXPECT_EQ(name_of_result(bytes, {.max_bytes = static_cast<std::int64_t>(bytes.size()) - 1}), "too_large");
  EXPECT_EQ(name_of_result(encode({.progressive = true, .restart_interval = 2}), {.max_scans = 9}), "too_large");
}

// 65,535 pixels each way, in 200 bytes: refused by its header.
TEST(OptimizeTest, ABombIsRefused) {
  std::string bytes = encode({.size = {8, 8}});
  const std::size_t frame = bytes.find("\xFF\xC0");
  bytes.replace(frame + 5, 4, 4, '\xFF');
  EXPECT_EQ(name_of_result(bytes), "too_large");
}

// Every result is a picture or a reason; every gain is the same picture to a decoder that was not asked before.
TEST(OptimizeTest, AnyByteChangedIsAPictureOrAReason) {
  for (const bool progressive : {false, true}) {
    const std::string bytes = encode({.progressive = progressive, .restart_interval = 3, .size = {40, 30}});
    for (std::size_t at = 2; at < bytes.size(); at += 3) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
      const Optimized made = optimize_jpeg(changed);
      EXPECT_EQ(made.jpeg.empty(), made.result != OptimizeResult::smaller);
      EXPECT_NE(to_string(made.result), "differs") << at << ": " << made.detail;
      if (made.result != OptimizeResult::smaller) continue;
      EXPECT_EQ(decode(made.jpeg), decode(changed)) << at;
    }
  }
}

}  // namespace
}  // namespace dbr::image
