// SPDX-License-Identifier: MIT
// Kinds by content.
#include "dbr/image/sniff.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "pictures.hpp"

namespace dbr::image {
namespace {

using std::string_literals::operator""s;

struct Case {
  std::string head;
  Kind kind;
};

TEST(SniffTest, KnowsTheBeginnings) {
  const Case cases[] = {
      {"", Kind::empty},
      {"\xFF\xD8\xFF\xE0", Kind::jpeg},
      {"\x89PNG\r\n\x1A\n", Kind::png},
      {"GIF87a", Kind::gif},
      {"GIF89a...", Kind::gif},
      {"RIFF\1\2\3\4WEBPVP8 ", Kind::webp},
      {"\0\0\0\x1C"s + "ftypavif\0\0\0\0avifmif1miaf"s, Kind::avif},
      {"\0\0\0\x18"s + "ftypavis\0\0\0\0avifmsf1"s, Kind::avif},
      {"\0\0\0\x18"s + "ftypmif1\0\0\0\0miafavif"s, Kind::avif},
      {"\0\0\0\x18"s + "ftypisom\0\0\0\0isommp41"s, Kind::mp4},
      {"\0\0\0\x14"s + "ftypqt  \0\0\0\0qt  "s, Kind::mp4},
      {"\0\0\0\x18"s + "ftypheic\0\0\0\0mif1heic"s, Kind::unknown},
      {"\x1A\x45\xDF\xA3\x9F", Kind::webm},
      {"FWS\x0A\x40\1\0\0"s, Kind::flash},
      {"CWS\x06\x40\1\0\0"s, Kind::flash},
      {"ZWS\x0D\x40\1\0\0"s, Kind::flash},
      {"PK\3\4rest", Kind::zip},
      {"PK\5\6rest", Kind::zip},
      {"BM\1\2\3\4\0\0\0\0\x36\0\0\0\x28\0\0\0"s, Kind::bmp},
      {"<!DOCTYPE html><html>", Kind::html},
      {"<html lang=en>", Kind::html},
      {" \r\n\t<HTML>", Kind::html},
      {"\xEF\xBB\xBF <!doctype HTML>", Kind::html},
      {"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC><html xmlns=", Kind::html},
      {"<head><title>502</title>", Kind::html},
      {"<!-- cached -->", Kind::html},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(to_string(sniff(c.head)), to_string(c.kind)) << testing::PrintToString(c.head);
  }
}

TEST(SniffTest, TakesNothingElse) {
  for (const std::string& head : {"\xFF"s,
                                  "\xFF\xD8"s,
                                  "\x89PNG"s,
                                  "GIF"s,
                                  "RIFF\1\2\3\4"s,
                                  "RIFF\1\2\3\4WAVE"s,
                                  "FWS"s,
                                  "FWS says hello"s,
                                  "CWS\xFF"s,
                                  "BM is a text"s,
                                  "PK"s,
                                  "hello"s,
                                  "{\"success\":false}"s,
                                  "<svg xmlns=\"x\"/>"s,
                                  "\0\0\0\0"s,
                                  "ftyp"s,
                                  "\0\0\0\x18"s + "ftyp"s,
                                  "<?xml version=\"1.0\"?><rss>"s,
                                  " "s,
                                  "\xEF\xBB\xBF"s}) {
    EXPECT_EQ(to_string(sniff(head)), "unknown") << testing::PrintToString(head);
  }
}

TEST(SniffTest, AnyPrefixOfAnyPictureIsSafe) {
  for (const sim::PictureKind kind : sim::all_picture_kinds()) {
    const std::string bytes = sim::make_picture(kind, 3).bytes;
    for (std::size_t length = 0; length <= std::min<std::size_t>(bytes.size(), 64); ++length) {
      // A fresh copy each time: a sanitizer then sees a read past the end.
      const std::string prefix(bytes, 0, length);
      EXPECT_EQ(sniff(prefix) == Kind::empty, length == 0);
    }
  }
}

TEST(SniffTest, ExtensionsMatchTheirKind) {
  EXPECT_TRUE(matches_extension(Kind::jpeg, "jpg"));
  EXPECT_TRUE(matches_extension(Kind::jpeg, "jpeg"));
  EXPECT_TRUE(matches_extension(Kind::zip, "zip"));
  EXPECT_TRUE(matches_extension(Kind::flash, "swf"));
  EXPECT_TRUE(matches_extension(Kind::webm, "webm"));
  EXPECT_FALSE(matches_extension(Kind::png, "jpg"));
  EXPECT_FALSE(matches_extension(Kind::jpeg, ""));
  EXPECT_FALSE(matches_extension(Kind::unknown, "unknown"));
  EXPECT_FALSE(matches_extension(Kind::empty, "empty"));
}

TEST(SniffTest, GeneratedPicturesHaveTheKindOfTheirExtension) {
  using sim::PictureKind;
  for (const PictureKind kind : sim::all_picture_kinds()) {
    const bool lies = kind == PictureKind::png_named_jpg || kind == PictureKind::garbage || kind == PictureKind::empty;
    const Kind seen = sniff(sim::make_picture(kind, 1).bytes);
    EXPECT_EQ(matches_extension(seen, sim::extension(kind)), !lies) << sim::name(kind);
  }
}

}  // namespace
}  // namespace dbr::image
