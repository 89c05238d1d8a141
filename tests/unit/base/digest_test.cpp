// SPDX-License-Identifier: MIT
// The vectors are those of RFC 1321 and FIPS 180-4.
#include "dbr/base/digest.hpp"

#include <gtest/gtest.h>

namespace dbr {
namespace {

TEST(DigestTest, KnownVectors) {
  EXPECT_EQ(digest_hex(DigestKind::md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(digest_hex(DigestKind::md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest_hex(DigestKind::sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest_hex(DigestKind::sha256, ""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest_hex(DigestKind::sha256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_hex(DigestKind::sha256, std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(DigestTest, PiecesGiveTheSameAndTheObjectStartsAgain) {
  Digest digest(DigestKind::sha1);
  digest.update("a");
  digest.update("");
  digest.update(std::string_view("bc"));
  EXPECT_EQ(digest.finish_hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  digest.update("abc");
  Digest moved = std::move(digest);
  EXPECT_EQ(moved.finish().size(), digest_size(DigestKind::sha1));
}

TEST(DigestTest, Hex) {
  EXPECT_EQ(to_hex(std::string_view("\x00\x7f\xff\n", 4)), "007fff0a");
  EXPECT_TRUE(is_hex("00ff", 2));
  EXPECT_FALSE(is_hex("00FF", 2));
  EXPECT_FALSE(is_hex("00f", 2));
  EXPECT_FALSE(is_hex("00fg", 2));
  EXPECT_TRUE(is_hex("", 0));
}

}  // namespace
}  // namespace dbr
