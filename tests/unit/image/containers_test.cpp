// SPDX-License-Identifier: MIT
// What the containers say about motion, extent, cuts and memory.
#include "containers.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pictures.hpp"
#include "pictures_bytes.hpp"

namespace dbr::image {
namespace {

using sim::PictureKind;
using std::string_literals::operator""s;

std::string png(const std::string& chunks) {
  return "\x89PNG\r\n\x1A\n" + chunks;
}

std::string png_header(std::uint32_t width, std::uint32_t height, const std::string& rest = "\x08\x02\0\0\0"s) {
  std::string out;
  sim::put_be<4>(out, width);
  sim::put_be<4>(out, height);
  return sim::png_chunk("IHDR", out + rest);
}

std::string animation_control(int frames) {
  std::string out;
  sim::put_be<4>(out, static_cast<std::uint32_t>(frames));
  return sim::png_chunk("acTL", out + std::string(4, '\0'));
}

TEST(ContainersTest, OnlyTheAnimatedKindsAreAnimated) {
  const std::set<PictureKind> moving{PictureKind::animated_gif, PictureKind::animated_png, PictureKind::animated_webp};
  for (const PictureKind kind : sim::all_picture_kinds()) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const std::string bytes = sim::make_picture(kind, seed).bytes;
      EXPECT_EQ(outline(bytes).animated, moving.contains(kind)) << sim::name(kind);
    }
  }
}

TEST(ContainersTest, ExtentsAreThoseOfThePicture) {
  for (const PictureKind kind :
       {PictureKind::baseline_jpeg, PictureKind::progressive_jpeg, PictureKind::cmyk_jpeg, PictureKind::exif_jpeg,
        PictureKind::rgb_png, PictureKind::deep_png, PictureKind::still_gif, PictureKind::still_webp,
        PictureKind::animated_webp, PictureKind::enormous}) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const sim::Picture picture = sim::make_picture(kind, seed);
      const Outline seen = outline(picture.bytes);
      EXPECT_EQ(seen.width, picture.width) << sim::name(kind);
      EXPECT_EQ(seen.height, picture.height) << sim::name(kind);
      EXPECT_FALSE(seen.truncated) << sim::name(kind);
      EXPECT_FALSE(seen.unsupported) << sim::name(kind);
    }
  }
}

TEST(ContainersTest, AnimatedPngNeedsMoreThanOneFrameBeforeTheData) {
  const std::string data = sim::png_chunk("IDAT", "x");
  const std::string end = sim::png_chunk("IEND", "");
  const std::string header = png_header(8, 8);
  EXPECT_TRUE(outline_png(png(header + animation_control(2) + data + end)).animated);
  EXPECT_FALSE(outline_png(png(header + animation_control(1) + data + end)).animated);
  EXPECT_FALSE(outline_png(png(header + data + animation_control(2) + end)).animated);
  EXPECT_FALSE(outline_png(png(header + data + end)).animated);
}

TEST(ContainersTest, AnimatedWebpNeedsTheFlagAndMoreThanOneFrame) {
  const auto webp = [](int flags, int frames) {
    std::string body =
        "WEBP" + sim::riff_chunk("VP8X", std::string(1, static_cast<char>(flags)) + std::string(9, '\7'));
    for (int i = 0; i < frames; ++i) {
      body += sim::riff_chunk("ANMF", "odd");
    }
    return sim::riff_chunk("RIFF", body);
  };
  EXPECT_TRUE(outline_webp(webp(0x02, 2)).animated);
  EXPECT_FALSE(outline_webp(webp(0x02, 1)).animated);
  EXPECT_FALSE(outline_webp(webp(0x10, 2)).animated);
}

TEST(ContainersTest, AvisIsAnAnimation) {
  EXPECT_TRUE(outline_avif(sim::box("ftyp", "avis\0\0\0\0avifmsf1"s)).animated);
  EXPECT_TRUE(outline_avif(sim::box("ftyp", "avif\0\0\0\0avifavis"s)).animated);
  EXPECT_FALSE(outline_avif(sim::box("ftyp", "avif\0\0\0\0avifmif1"s)).animated);
  // The minor version is no brand.
  EXPECT_FALSE(outline_avif(sim::box("ftyp", "avifavisavif")).animated);
}

TEST(ContainersTest, GifWithOneImageIsStillWhateverItsExtensions) {
  const std::string screen = "GIF89a\x08\0\x08\0\x80\0\0"s + std::string(6, '\x11');
  const std::string loop = "\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"s;
  const std::string image = "\x2C\0\0\0\0\x08\0\x08\0\0\x02\x02\x4C\x01\0"s;
  EXPECT_FALSE(outline_gif(screen + loop + image + ";").animated);
  EXPECT_FALSE(outline_gif(screen + loop + image + ";").truncated);
  EXPECT_FALSE(outline_gif(screen + image + ";" + image).animated);
  EXPECT_TRUE(outline_gif(screen + image + image + ";").animated);
  EXPECT_TRUE(outline_gif(screen + image).truncated);
}

TEST(ContainersTest, MemoryIsCountedForWhatCannotBeStreamed) {
  const sim::Picture progressive = sim::make_picture(PictureKind::progressive_jpeg, 1);
  EXPECT_GE(outline_jpeg(progressive.bytes).held_bytes, std::int64_t{progressive.width} * progressive.height * 3);
  EXPECT_GT(outline_jpeg(progressive.bytes).scans, 5);
  EXPECT_EQ(outline_jpeg(sim::make_picture(PictureKind::baseline_jpeg, 1).bytes).held_bytes, 0);
  EXPECT_EQ(outline_png(png(png_header(100, 50))).held_bytes, 0);
  EXPECT_EQ(outline_png(png(png_header(100, 50, "\x10\x06\0\0\1"s))).held_bytes, 100 * 50 * 8);
  EXPECT_GT(outline_png(png(png_header(0xFFFFFFFF, 0xFFFFFFFF, "\x10\x06\0\0\1"s))).held_bytes, 1LL << 60);
}

TEST(ContainersTest, EveryPrefixIsSafeAndCut) {
  for (const PictureKind kind : {PictureKind::baseline_jpeg, PictureKind::progressive_jpeg, PictureKind::rgb_png,
                                 PictureKind::still_gif, PictureKind::still_webp, PictureKind::avif}) {
    const std::string bytes = sim::make_picture(kind, 1).bytes;
    const Kind format = sniff(bytes);
    const std::size_t step = 1 + bytes.size() / 300;
    for (std::size_t length = 16; length < bytes.size(); length += step) {
      const std::string prefix(bytes, 0, length);
      const bool at_a_box = format == Kind::avif && !outline(prefix).truncated;
      EXPECT_TRUE(outline(prefix).truncated || at_a_box) << sim::name(kind) << " " << length;
    }
  }
}

}  // namespace
}  // namespace dbr::image
