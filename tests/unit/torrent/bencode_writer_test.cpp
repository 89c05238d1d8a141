// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <limits>

#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using test::encode;

TEST(BencodeWriterTest, WritesEveryType) {
  const std::string text = encode([](BencodeWriter& out) {
    out.begin_dict();
    out.key("a");
    out.integer(-42);
    out.key("b");
    out.begin_list();
    out.string("");
    out.string("spam");
    out.integer(0);
    out.end();
    out.key("c");
    out.begin_dict();
    out.end();
    out.end();
  });
  EXPECT_EQ(text, "d1:ai-42e1:bl0:4:spami0ee1:cdee");
}

TEST(BencodeWriterTest, WritesTheExtremesOf64Bits) {
  EXPECT_EQ(encode([](auto& out) { out.integer(std::numeric_limits<std::int64_t>::min()); }), "i-9223372036854775808e");
  EXPECT_EQ(encode([](auto& out) { out.integer(std::numeric_limits<std::int64_t>::max()); }), "i9223372036854775807e");
}

TEST(BencodeWriterTest, KeepsZeroBytesAndWritesStringsInParts) {
  using namespace std::string_view_literals;
  EXPECT_EQ(encode([](auto& out) {
              out.begin_list();
              out.begin_string(5);
              out.raw("\0a"sv);
              out.raw("");
              out.raw("b\0c"sv);
              out.string("x");
              out.end();
            }),
            "l5:\0ab\0c1:xe"sv);
}

TEST(BencodeWriterTest, KeysMustAscendInRawByteOrder) {
  const auto two_keys = [](std::string_view first, std::string_view second) {
    return encode([&](BencodeWriter& out) {
      out.begin_dict();
      out.key(first);
      out.integer(1);
      out.key(second);
      out.integer(2);
      out.end();
    });
  };
  EXPECT_EQ(two_keys("", "a"), "d0:i1e1:ai2ee");
  EXPECT_EQ(two_keys("announce", "announce-list"), "d8:announcei1e13:announce-listi2ee");
  EXPECT_EQ(two_keys("piece length", "pieces"), "d12:piece lengthi1e6:piecesi2ee");
  EXPECT_EQ(two_keys("z", "\xff"), "d1:zi1e1:\xffi2ee");
  EXPECT_THROW(two_keys("b", "a"), std::logic_error);
  EXPECT_THROW(two_keys("a", "a"), std::logic_error);
  EXPECT_THROW(two_keys("a", ""), std::logic_error);
  EXPECT_THROW(two_keys("ab", "a"), std::logic_error);
  EXPECT_THROW(two_keys("a", "Z"), std::logic_error);
  EXPECT_THROW(two_keys("\xff", "z"), std::logic_error);
}

TEST(BencodeWriterTest, EachDictionaryHasItsOwnOrder) {
  EXPECT_EQ(encode([](auto& out) {
              out.begin_dict();
              out.key("m");
              out.begin_dict();
              out.key("a");
              out.integer(1);
              out.end();
              out.key("n");
              out.integer(2);
              out.end();
            }),
            "d1:md1:ai1ee1:ni2ee");
}

TEST(BencodeWriterTest, MisuseThrows) {
  const auto misuse = [](const std::function<void(BencodeWriter&)>& body) {
    EXPECT_THROW(encode(body), std::logic_error);
  };
  misuse([](auto& out) { out.end(); });
  misuse([](auto& out) { out.key("a"); });
  misuse([](auto& out) { out.raw("a"); });
  misuse([](auto& out) {
    out.begin_list();
    out.key("a");
  });
  misuse([](auto& out) {
    out.begin_dict();
    out.integer(1);
  });
  misuse([](auto& out) {
    out.begin_dict();
    out.key("a");
    out.key("b");
  });
  misuse([](auto& out) {
    out.begin_dict();
    out.key("a");
    out.end();
  });
  misuse([](auto& out) {
    out.begin_dict();
    out.key("a");
    out.integer(1);
    out.string("b");
  });
  misuse([](auto& out) {
    out.begin_string(2);
    out.raw("abc");
  });
  misuse([](auto& out) {
    out.begin_list();
    out.begin_string(2);
    out.raw("a");
    out.end();
  });
}

}  // namespace
}  // namespace dbr::torrent
