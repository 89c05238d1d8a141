// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using namespace std::string_view_literals;

void expect_corrupt(std::string_view document) {
  const auto parsed = parse_bencode(document);
  ASSERT_FALSE(parsed.has_value()) << document;
  EXPECT_EQ(parsed.error().kind, ErrorKind::corrupt) << document;
  EXPECT_NE(parsed.error().message.find("byte "), std::string::npos) << parsed.error().message;
}

void write(BencodeWriter& out, const BencodeValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.value)) out.integer(*number);
  if (const auto* text = std::get_if<std::string>(&value.value)) out.string(*text);
  if (const auto* list = std::get_if<BencodeList>(&value.value)) {
    out.begin_list();
    for (const auto& item : *list) write(out, item);
    out.end();
  }
  if (const auto* dict = std::get_if<BencodeDict>(&value.value)) {
    out.begin_dict();
    for (const auto& [key, item] : *dict) {
      out.key(key);
      write(out, item);
    }
    out.end();
  }
}

constexpr auto k_sample =
    "d0:i-1e1:\0l0:d1:xleee4:infod6:lengthi0e4:name5:a\0b:ce5:\xff\xff\xff\xff\xff"
    "i9223372036854775807ee"sv;

TEST(BencodeParserTest, WhatItReadsIsWrittenBackByteForByte) {
  for (const auto document : {k_sample, "i0e"sv, "i-9223372036854775808e"sv, "0:"sv, "le"sv, "de"sv, "d0:0:e"sv}) {
    const auto parsed = parse_bencode(document);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(test::encode([&](BencodeWriter& out) { write(out, *parsed); }), document);
  }
}

TEST(BencodeParserTest, RecordsWhereValuesStand) {
  const auto parsed = parse_bencode(k_sample);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->begin, 0U);
  EXPECT_EQ(parsed->end, k_sample.size());
  const auto& info = std::get<BencodeDict>(parsed->value).find("info")->second;
  EXPECT_EQ(k_sample.substr(info.begin, info.end - info.begin), "d6:lengthi0e4:name5:a\0b:ce"sv);
  const auto& name = std::get<BencodeDict>(info.value).find("name")->second;
  EXPECT_EQ(k_sample.substr(name.begin, name.end - name.begin), "5:a\0b:c"sv);
}

TEST(BencodeParserTest, RefusesWhatIsNotCanonical) {
  for (const auto document :
       {"i01e"sv, "i00e"sv, "i-0e"sv, "i-01e"sv, "i+1e"sv, "ie"sv, "i-e"sv, "i e"sv, "i1 e"sv, "i1.5e"sv, "i--1e"sv,
        "i9223372036854775808e"sv, "i-9223372036854775809e"sv, "i99999999999999999999999e"sv, "i1"sv, "i"sv}) {
    expect_corrupt(document);
  }
  for (const auto document : {"01:a"sv, "00:"sv, "-1:a"sv, "2:a"sv, "1"sv, "1:"sv, ":a"sv, "1a"sv,
                              "9223372036854775807:a"sv, "9223372036854775808:a"sv, "18446744073709551617:a"sv}) {
    expect_corrupt(document);
  }
  for (const auto document : {"d1:bi1e1:ai2ee"sv, "d1:ai1e1:ai2ee"sv, "d1:\xffi1e1:ai2ee"sv, "di1ei2ee"sv, "d1:ae"sv,
                              "dle1:ae"sv, "d"sv, "l"sv, "li1e"sv}) {
    expect_corrupt(document);
  }
  for (const auto document : {""sv, "i1ei2e"sv, "i1e\n"sv, " i1e"sv, "e"sv, "x"sv, "\0"sv, "lee"sv}) {
    expect_corrupt(document);
  }
}

TEST(BencodeParserTest, NamesTheByte) {
  const auto parsed = parse_bencode("d1:ai1e1:ai2ee");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message, "bencoded document, byte 7: a key twice or out of order");
}

TEST(BencodeParserTest, NestingEndsAt32) {
  const auto nested = [](std::size_t depth) { return std::string(depth, 'l') + std::string(depth, 'e'); };
  EXPECT_TRUE(parse_bencode(nested(32)).has_value());
  expect_corrupt(nested(33));
  expect_corrupt(std::string(5'000'000, 'l'));
  std::string dicts;
  for (int i = 0; i < 1'000'000; ++i) dicts += "d0:";
  expect_corrupt(dicts);
}

TEST(BencodeParserTest, EveryPrefixIsCorrupt) {
  for (std::size_t size = 0; size < k_sample.size(); ++size) {
    // A copy of exactly this size, so that the address sanitizer sees a read beyond it.
    const std::vector<char> bytes(k_sample.begin(), k_sample.begin() + static_cast<std::ptrdiff_t>(size));
    expect_corrupt(std::string_view(bytes.data(), bytes.size()));
  }
}

}  // namespace
}  // namespace dbr::torrent
