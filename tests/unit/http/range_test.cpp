// SPDX-License-Identifier: MIT
#include "dbr/http/range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dbr::http {
namespace {

std::optional<ContentRange> parse(const std::string& text) {
  Head head;
  head.headers["content-range"] = text;
  return content_range(head);
}

TEST(ContentRangeTest, ReadsParts) {
  const auto range = parse("bytes 5-9/10");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 5);
  EXPECT_EQ(range->last, 9);
  EXPECT_EQ(range->total, 10);
  EXPECT_EQ(parse("Bytes 0-0/1")->last, 0);
  EXPECT_EQ(parse("bytes 7-9223372036854775806/9223372036854775807")->total, 9223372036854775807);
}

TEST(ContentRangeTest, TheTotalMayBeUnknown) {
  const auto range = parse("bytes 5-9/*");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->total, std::nullopt);
}

TEST(ContentRangeTest, RefusesEverythingElse) {
  EXPECT_FALSE(content_range(Head{}));
  for (const char* text : {"",
                           "bytes",
                           "bytes ",
                           "bytes */10",
                           "bytes 5-9",
                           "bytes 5-9/",
                           "bytes 5/10",
                           "bytes -9/10",
                           "bytes 5-/10",
                           "bytes 9-5/10",
                           "bytes 5-10/10",
                           "bytes 5-9/10 ",
                           "bytes 5-9/10, 11-12/13",
                           "bytes=5-9/10",
                           "bytes  5-9/10",
                           "bytes +5-9/10",
                           "bytes 5--9/10",
                           "bytes 5-9/-1",
                           "bytes 0x5-9/10",
                           "lines 5-9/10",
                           "bytes 5-9/**",
                           "bytes 5-9/99999999999999999999",
                           "bytes 99999999999999999999-9/10"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

}  // namespace
}  // namespace dbr::http
