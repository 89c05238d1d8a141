// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <stdexcept>

#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using namespace std::string_view_literals;

using Type = BencodeReader::Type;

Result<void> check(std::string_view document) {
  BencodeReader in(document);
  DBR_TRY(const std::string_view all, in.skip());
  EXPECT_EQ(all.data(), document.data());
  return in.finish();
}

/// Value by value, into the writer.
Result<void> copy_value(BencodeReader& in, BencodeWriter& out) {
  DBR_TRY(const Type type, in.type());
  if (type == Type::integer) {
    DBR_TRY(const std::int64_t value, in.integer());
    out.integer(value);
  } else if (type == Type::string) {
    DBR_TRY(const std::string_view value, in.string());
    out.string(value);
  } else {
    DBR_CHECK(in.enter(type));
    type == Type::list ? out.begin_list() : out.begin_dict();
    for (;;) {
      bool has_more = true;
      if (type == Type::list) {
        DBR_TRY(has_more, in.has_item());
      } else {
        DBR_TRY(const auto key, in.key());
        has_more = key.has_value();
        if (key) out.key(*key);
      }
      if (!has_more) break;
      DBR_CHECK(copy_value(in, out));
    }
    out.end();
  }
  return {};
}

void expect_corrupt(std::string_view document) {
  const auto checked = check(document);
  ASSERT_FALSE(checked.has_value()) << document;
  EXPECT_EQ(checked.error().kind, ErrorKind::corrupt) << document;
  EXPECT_NE(checked.error().message.find("byte "), std::string::npos) << checked.error().message;
  // Read in the other way, it is refused likewise: skip() and the rest are of one mind.
  BencodeReader in(document);
  test::encode([&](BencodeWriter& out) {
    const auto copied = copy_value(in, out);
    EXPECT_FALSE(copied.has_value() && in.finish().has_value()) << document;
    if (!copied) {
      EXPECT_EQ(copied.error().message, checked.error().message);
    }
  });
}

constexpr auto k_sample =
    "d0:i-1e1:\0l0:d1:xleee4:infod6:lengthi0e4:name5:a\0b:ce5:\xff\xff\xff\xff\xff"
    "i9223372036854775807ee"sv;

TEST(BencodeReaderTest, WhatItReadsIsWrittenBackByteForByte) {
  for (const auto document : {k_sample, "i0e"sv, "i-9223372036854775808e"sv, "0:"sv, "le"sv, "de"sv, "d0:0:e"sv}) {
    BencodeReader in(document);
    EXPECT_EQ(test::encode([&](BencodeWriter& out) { EXPECT_TRUE(copy_value(in, out).has_value()); }), document);
    EXPECT_TRUE(in.finish().has_value());
    EXPECT_TRUE(check(document).has_value());
  }
}

TEST(BencodeReaderTest, SkipsAValueAndKnowsWhereItStood) {
  BencodeReader in(k_sample);
  ASSERT_TRUE(in.enter(Type::dict).has_value());
  std::string keys;
  for (auto key = in.key(); key.has_value() && key->has_value(); key = in.key()) {
    keys += std::string(**key) + ",";
    const std::size_t begin = in.position();
    const auto value = in.skip();
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(*value, k_sample.substr(begin, in.position() - begin));
    if (**key == "info") {
      EXPECT_EQ(*value, "d6:lengthi0e4:name5:a\0b:ce"sv);
    }
  }
  EXPECT_EQ(keys, ",\0,info,\xff\xff\xff\xff\xff,"sv);
  EXPECT_TRUE(in.finish().has_value());
}

TEST(BencodeReaderTest, CountsWhatLibtorrentLimits) {
  BencodeReader in("d6:lengthi1e4:pathl1:a1:bee");
  ASSERT_TRUE(in.skip().has_value());
  EXPECT_EQ(in.items(), 9);
}

TEST(BencodeReaderTest, SaysWhatItFoundInstead) {
  BencodeReader in("d1:ai1ee");
  EXPECT_EQ(in.integer().error().message, "bencoded document, byte 0: a dictionary where a number is due");
}

TEST(BencodeReaderTest, MisuseIsABug) {
  BencodeReader in("d1:ali1eee");
  EXPECT_THROW((void)in.key(), std::logic_error);
  ASSERT_TRUE(in.enter(Type::dict).has_value());
  EXPECT_THROW((void)in.string(), std::logic_error);
  EXPECT_THROW((void)in.has_item(), std::logic_error);
  EXPECT_THROW((void)in.finish(), std::logic_error);
}

TEST(BencodeReaderTest, RefusesWhatIsNotCanonical) {
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

TEST(BencodeReaderTest, NamesTheByte) {
  const auto checked = check("d1:ai1e1:ai2ee");
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().message, "bencoded document, byte 7: a key twice or out of order");
}

TEST(BencodeReaderTest, NestingEndsAt32) {
  const auto nested = [](std::size_t depth) { return std::string(depth, 'l') + std::string(depth, 'e'); };
  EXPECT_TRUE(check(nested(32)).has_value());
  expect_corrupt(nested(33));
  expect_corrupt(std::string(5'000'000, 'l'));
  std::string dicts;
  for (int i = 0; i < 1'000'000; ++i) dicts += "d0:";
  expect_corrupt(dicts);
}

TEST(BencodeReaderTest, EveryPrefixIsCorrupt) {
  for (std::size_t size = 0; size < k_sample.size(); ++size) {
    // A copy of exactly this size, so that the address sanitizer sees a read beyond it.
    const std::vector<char> bytes(k_sample.begin(), k_sample.begin() + static_cast<std::ptrdiff_t>(size));
    expect_corrupt(std::string_view(bytes.data(), bytes.size()));
  }
}

}  // namespace
}  // namespace dbr::torrent
