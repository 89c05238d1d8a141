// SPDX-License-Identifier: MIT
#include "dbr/base/text.hpp"

#include <gtest/gtest.h>

namespace dbr {
namespace {

TEST(TextTest, PrintsNothingThatSteers) {
  EXPECT_EQ(printable("a\x1b[31m"), "a?[31m");
  EXPECT_EQ(printable("a\r\n\tb\x7f"), "a???b?");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "?");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "?31m");
  EXPECT_EQ(printable("gpj.\xe2\x80\xae"
                      "exe\xe2\x81\xa6"),
            "gpj.?exe?");
}

TEST(TextTest, PrintsTheRestAsItIs) {
  for (const char* text :
       {"", "a b", "\xc2\xa0", "\xc2", "\xe2", "\xe2\x80", "\xe2\x80\x94", "東方.jpg", "\xff\xfe", "\xc3\xa9"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(TextTest, ShortensBetweenCharacters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc...");
  EXPECT_EQ(shortened("\xe6\x9d\xb1\xe6\x96\xb9", 4), "\xe6\x9d\xb1...");
  EXPECT_EQ(shortened(std::string(10, '\x80'), 4), "...");
}

TEST(TextTest, KnowsUtf8) {
  for (const char* text : {"", "a\n", "\xc2\x80", "東方", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\xff", "a\x80", "\xc3", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(TextTest, EncodesNames) {
  EXPECT_EQ(percent_encode("data/tags.json"), "data%2Ftags%2Ejson");
  EXPECT_EQ(percent_encode("..?a=b&c#d \xc3\xa9"), "%2E%2E%3Fa%3Db%26c%23d%20%C3%A9");
}

}  // namespace
}  // namespace dbr
