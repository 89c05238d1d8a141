// SPDX-License-Identifier: MIT
#include "dbr/base/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dbr {
namespace {

using namespace std::chrono_literals;

TEST(UnitsTest, ReadsByteCounts) {
  EXPECT_EQ(parse_bytes("0"), 0);
  EXPECT_EQ(parse_bytes("12345"), 12345);
  EXPECT_EQ(parse_bytes("12B"), 12);
  EXPECT_EQ(parse_bytes("800k"), 800 * 1000);
  EXPECT_EQ(parse_bytes("5M"), 5 * 1000 * 1000);
  EXPECT_EQ(parse_bytes("5MB"), 5 * 1000 * 1000);
  EXPECT_EQ(parse_bytes("5MiB"), 5 * 1024 * 1024);
  EXPECT_EQ(parse_bytes("1.5Gi"), ByteCount{3} << 29);
  EXPECT_EQ(parse_bytes("2t"), ByteCount{2'000'000'000'000});
}

TEST(UnitsTest, RefusesOtherByteCounts) {
  for (const std::string_view text : {"", "M", "-1", "-0", "+1", " 1", "1 ", "1 M", "1X", "1MM", "1Mb", "0x10", "nan",
                                      "inf", "1e400", "99999999999T", "1,5G"}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, WritesByteCounts) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(12'345'678), "12.3 MB");
  EXPECT_EQ(format_bytes(999'949), "999.9 kB");
  EXPECT_EQ(format_bytes(999'950), "1.0 MB");
  EXPECT_EQ(format_bytes(3'400'000'000'000), "3.4 TB");
}

TEST(UnitsTest, ReadsDurations) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("90"), 90s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("2d"), 48h);
  for (const std::string_view text : {"", "h", "-1s", "1 h", "1w", "1hh", "inf", "9e99d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, WritesDurations) {
  EXPECT_EQ(format_duration(4200ms), "4.2 s");
  EXPECT_EQ(format_duration(200s), "3 min 20 s");
  EXPECT_EQ(format_duration(62min), "1 h 02 min");
  EXPECT_EQ(format_duration(49h), "2 d 01 h");
}

TEST(UnitsTest, WritesCounts) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(1'234'567), "1,234,567");
  EXPECT_EQ(format_count(-123), "-123");
  EXPECT_EQ(format_count(-1234), "-1,234");
  EXPECT_EQ(format_count(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

}  // namespace
}  // namespace dbr
