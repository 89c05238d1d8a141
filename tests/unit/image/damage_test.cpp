// SPDX-License-Identifier: MIT
// Damaged and hostile files: never a crash, never half a picture, and bombs are refused before they go off.
#include <gtest/gtest.h>

#include <chrono>

#include "decoded.hpp"
#include "pictures.hpp"
#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"

namespace dbr::image {
namespace {

using sim::PictureKind;
using std::string_literals::operator""s;

class DamageTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { start_library(); }
};

sim::Canvas small_scene() {
  sim::Seeded dice(11);
  return sim::draw_scene({120, 90}, dice);
}

std::string cut(const std::string& bytes, std::size_t length) {
  return bytes.substr(0, length);
}

TEST_F(DamageTest, NoCutFileIsEverDone) {
  constexpr std::size_t k_places = 40;
  for (const PictureKind kind : sim::all_picture_kinds()) {
    const std::string bytes = sim::make_picture(kind, 1).bytes;
    for (std::size_t i = 0; i < k_places && bytes.size() > k_places; ++i) {
      const std::size_t length = bytes.size() * i / k_places;
      const MlForm form = make_ml_form(cut(bytes, length), {});
      EXPECT_NE(form.state, MlState::done) << sim::name(kind) << " cut at " << length;
      EXPECT_FALSE(form.reason.empty());
    }
  }
}

TEST_F(DamageTest, AJpegWithoutItsLastBytesIsTruncated) {
  const std::string bytes = sim::encode_jpeg(small_scene(), {});
  for (const std::size_t missing : {1U, 2U, 3U, 40U}) {
    EXPECT_EQ(make_ml_form(cut(bytes, bytes.size() - missing), {}).reason, "truncated") << missing;
  }
}

TEST_F(DamageTest, APngWithoutItsEndIsTruncated) {
  const std::string bytes = sim::encode_png(small_scene());
  for (const std::size_t missing : {1U, 12U, 13U, 100U}) {
    EXPECT_EQ(make_ml_form(cut(bytes, bytes.size() - missing), {}).reason, "truncated") << missing;
  }
}

TEST_F(DamageTest, AJpegWithAnEndSewnOnIsCorrupt) {
  for (const bool progressive : {false, true}) {
    sim::JpegOptions options;
    options.progressive = progressive;
    const std::string bytes = sim::encode_jpeg(small_scene(), options);
    const MlForm form = make_ml_form(cut(bytes, bytes.size() * 2 / 3) + "\xFF\xD9", {});
    EXPECT_EQ(form.reason, "corrupt") << form.detail;
    EXPECT_FALSE(form.detail.empty());
  }
}

TEST_F(DamageTest, APngWithTooLittleDataIsCorrupt) {
  const std::string bytes = sim::encode_png(small_scene());
  const std::string lacking =
      cut(bytes, 33) + sim::png_chunk("IDAT", bytes.substr(41, 500)) + sim::png_chunk("IEND", "");
  EXPECT_EQ(make_ml_form(lacking, {}).reason, "corrupt");
  const std::string none = cut(bytes, 33) + sim::png_chunk("IEND", "");
  EXPECT_EQ(make_ml_form(none, {}).reason, "corrupt");
}

TEST_F(DamageTest, APngWithAChangedByteHasABadChecksum) {
  std::string bytes = sim::encode_png(small_scene());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x40);
  EXPECT_EQ(make_ml_form(bytes, {}).reason, "bad_checksum");
}

TEST_F(DamageTest, BytesAfterTheEndDoNoHarm) {
  const std::string tail(1000, 'x');
  EXPECT_EQ(make_ml_form(sim::encode_jpeg(small_scene(), {}) + tail, {}).state, MlState::done);
  EXPECT_EQ(make_ml_form(sim::encode_png(small_scene()) + tail, {}).state, MlState::done);
  EXPECT_EQ(make_ml_form(sim::make_picture(PictureKind::still_gif, 1).bytes + tail, {}).state, MlState::done);
}

TEST_F(DamageTest, OddHeadersDoNoHarm) {
  const std::string jpeg = sim::encode_jpeg(small_scene(), {});
  std::string newer = jpeg;
  newer[11] = 3;  // a JFIF version nobody knows
  EXPECT_EQ(make_ml_form(newer, {}).state, MlState::done);
  std::string stray = jpeg;
  stray.insert(20, "abcd");  // behind the first segment
  EXPECT_EQ(make_ml_form(stray, {}).state, MlState::done);
  const std::string broken_exif =
      "\xFF\xE1\x00\x20"
      "Exif\0\0MM\0\x2A\xFF\xFF\xFF\xFF"s +
      std::string(16, 'a');
  EXPECT_EQ(make_ml_form(std::string(jpeg).insert(2, broken_exif), {}).state, MlState::done);

  const std::string png = sim::encode_png(small_scene());
  constexpr std::size_t k_after_header = 33;
  std::string wrong_sum = sim::png_chunk("tEXt", "a\0b"s);
  wrong_sum.back() = static_cast<char>(wrong_sum.back() ^ 1);
  for (const std::string& chunk :
       {sim::png_chunk("iCCP", "icc\0\0garbage"s), sim::png_chunk("gAMA", std::string(4, '\0')),
        sim::png_chunk("iCCP", "icc\0\0"s + sim::deflate(std::string(1 << 24, 'x'))), wrong_sum}) {
    EXPECT_EQ(make_ml_form(std::string(png).insert(k_after_header, chunk), {}).state, MlState::done);
  }
}

TEST_F(DamageTest, FlippedBitsNeverCrash) {
  constexpr int k_rounds = 12;
  for (const PictureKind kind :
       {PictureKind::baseline_jpeg, PictureKind::progressive_jpeg, PictureKind::exif_jpeg, PictureKind::icc_jpeg,
        PictureKind::rgba_png, PictureKind::palette_png, PictureKind::interlaced_png, PictureKind::still_gif,
        PictureKind::animated_gif, PictureKind::still_webp, PictureKind::animated_webp, PictureKind::avif}) {
    const std::string whole = sim::make_picture(kind, 1).bytes;
    sim::Seeded dice(static_cast<std::uint64_t>(kind));
    for (int round = 0; round < k_rounds; ++round) {
      std::string bytes = whole;
      for (int i = 0; i < 4; ++i) {
        // Half of the hits in the header, where the structure is.
        const std::size_t reach = round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 400) : bytes.size();
        const std::size_t at = dice.next() % reach;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.between(0, 7)));
      }
      MlSettings settings;
      settings.max_pixels = 4'000'000;  // a flipped extent must not make the test slow
      const MlForm form = make_ml_form(bytes, settings);
      EXPECT_EQ(form.jpeg.empty(), form.state != MlState::done);
      EXPECT_EQ(form.reason.empty(), form.state == MlState::done);
    }
  }
}

std::string jpeg_header(int frame_marker, int precision, int width, int height) {
  std::string out = "\xFF\xD8\xFF"s + static_cast<char>(frame_marker);
  sim::put_be<2>(out, 17);
  sim::put_be<1>(out, static_cast<std::uint64_t>(precision));
  sim::put_be<2>(out, static_cast<std::uint64_t>(height));
  sim::put_be<2>(out, static_cast<std::uint64_t>(width));
  out += "\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"s;
  out += "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x00\x03\x00\x00\x3F\x00"s;
  return out + "\xFF\xD9";
}

TEST_F(DamageTest, BombsAreRefusedByTheirHeader) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(make_ml_form(jpeg_header(0xC0, 8, 65500, 65500), {}).reason, "too_many_pixels");
  // 400 million pixels may be streamed, but not held as coefficients.
  EXPECT_EQ(make_ml_form(jpeg_header(0xC2, 8, 20000, 20000), {}).reason, "too_much_memory");
  EXPECT_NE(make_ml_form(jpeg_header(0xC2, 8, 2000, 2000), {}).reason, "too_many_pixels");
  const std::string png = "\x89PNG\r\n\x1A\n"s;
  EXPECT_EQ(make_ml_form(png + sim::png_chunk("IHDR", "\0\1\0\0\0\1\0\0\x08\2\0\0\0"s), {}).reason, "too_many_pixels");
  EXPECT_EQ(make_ml_form(png + sim::png_chunk("IHDR", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x08\2\0\0\0"s), {}).reason,
            "too_many_pixels");
  EXPECT_EQ(make_ml_form("GIF89a\xFF\xFF\xFF\xFF\0\0\0;"s, {}).reason, "too_many_pixels");
  EXPECT_EQ(make_ml_form(sim::make_picture(PictureKind::enormous, 9).bytes, {}).reason, "too_many_pixels");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST_F(DamageTest, ThePixelLimitIsExact) {
  const std::string bytes = sim::encode_png(small_scene());
  MlSettings settings;
  settings.max_pixels = 120 * 90;
  EXPECT_EQ(make_ml_form(bytes, settings).state, MlState::done);
  settings.max_pixels = 120 * 90 - 1;
  EXPECT_EQ(make_ml_form(bytes, settings).reason, "too_many_pixels");
}

TEST_F(DamageTest, ThePixelLimitHoldsWhereOnlyTheDecoderKnowsTheExtent) {
  const sim::Picture avif = sim::make_picture(PictureKind::avif, 0);
  MlSettings settings;
  settings.max_pixels = avif.width * avif.height - 1;
  EXPECT_EQ(make_ml_form(avif.bytes, settings).reason, "too_many_pixels");
}

TEST_F(DamageTest, AJpegOfEndlessScansIsRefused) {
  sim::JpegOptions options;
  options.progressive = true;
  std::string bytes = sim::encode_jpeg(small_scene(), options);
  const std::size_t last_scan = bytes.rfind("\xFF\xDA");
  const std::string scan = bytes.substr(last_scan, bytes.size() - 2 - last_scan);
  bytes.resize(bytes.size() - 2);
  for (int i = 0; i < 500; ++i) {
    bytes += scan;
  }
  EXPECT_EQ(make_ml_form(bytes + "\xFF\xD9", {}).reason, "too_many_scans");
}

TEST_F(DamageTest, WhatNoDecoderReadsIsUnsupported) {
  EXPECT_EQ(make_ml_form(jpeg_header(0xC1, 12, 64, 64), {}).reason, "unsupported");
  EXPECT_EQ(make_ml_form(jpeg_header(0xC3, 8, 64, 64), {}).reason, "unsupported");
  EXPECT_EQ(make_ml_form("BM\1\2\3\4\0\0\0\0\x36\0\0\0\x28\0\0\0"s, {}).reason, "unsupported");
}

TEST_F(DamageTest, PagesAndTextAreNamed) {
  EXPECT_EQ(make_ml_form("<!DOCTYPE html><title>Just a moment...</title>", {}).reason, "html");
  EXPECT_EQ(make_ml_form("hello", {}).reason, "garbage");
  EXPECT_EQ(make_ml_form("", {}).reason, "empty");
}

}  // namespace
}  // namespace dbr::image
