// SPDX-License-Identifier: MIT
// What the containers say about motion, extent, cuts and memory.
#include "containers.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pictures.hpp"
#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"
#include "pictures_scene.hpp"

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

sim::Canvas plain_canvas() {
  return {{16, 16}, std::vector<sim::Rgb>(256)};
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

TEST(ContainersTest, TheExtentIsWhatTheDecoderWillTakeForIt) {
  // A first frame beyond its screen enlarges the picture.
  const std::string screen = "GIF89a\x01\0\x01\0\0\0\0"s;
  const std::string image = "\x2C\x01\0\0\0\x10\x27\x10\x27\0\x02\x02\x4C\x01\0;"s;
  EXPECT_EQ(outline_gif(screen + image).width, 10'001);
  EXPECT_EQ(outline_gif(screen + image).held_bytes, 10'001LL * 10'000 * 4);
  // A VP8X that is not the first chunk is none.
  const std::string pixels = sim::riff_chunk("VP8L", "\x2F\x0F\xC7\xC3\x09"s);
  const std::string late = sim::riff_chunk("VP8X", std::string(10, '\0'));
  const Outline webp = outline_webp(sim::riff_chunk("RIFF", "WEBP" + pixels + late));
  EXPECT_EQ(webp.width, (0x09C3C70F & 0x3FFF) + 1);
  // Nor is a second header of a PNG.
  const std::string end = sim::png_chunk("IEND", "");
  const std::string data = sim::png_chunk("IDAT", "x");
  EXPECT_EQ(outline_png(png(png_header(800, 800) + data + png_header(1, 1) + end)).width, 800);
}

TEST(ContainersTest, AFewBytesAfterTheLastBoxCutNothing) {
  const std::string box = sim::box("ftyp", "avif\0\0\0\0avifmif1"s);
  EXPECT_FALSE(outline_avif(box + "1234567").truncated);
  EXPECT_TRUE(outline_avif(box + "12345678").truncated);
}

TEST(ContainersTest, OrientationStandsBeforeThePixelsOrNotAtAll) {
  sim::JpegOptions options;
  options.exif = sim::make_exif(6, true);
  const std::string turned = sim::encode_jpeg(plain_canvas(), options);
  EXPECT_EQ(outline_jpeg(turned).orientation, 6);
  const std::string straight = sim::encode_jpeg(plain_canvas(), {});
  const std::size_t segment = turned.find("\xFF\xE1");
  const std::size_t length = turned.size() - straight.size();
  std::string late = straight;
  late.insert(late.size() - 2, turned.substr(segment, length));
  EXPECT_EQ(outline_jpeg(late).orientation, 1);
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
