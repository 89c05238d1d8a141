// SPDX-License-Identifier: MIT
#include "dbr/base/time.hpp"

#include <gtest/gtest.h>

namespace dbr {
namespace {

std::string normal(std::string_view text) {
  const auto moment = parse_timestamp(text);
  return moment ? format_timestamp(*moment) : "refused";
}

TEST(TimeTest, ReadsZoneOffsets) {
  EXPECT_EQ(normal("2018-01-01T00:00:00Z"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2017-12-31T19:00:00.000-05:00"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2017-12-31T23:59:59.999-05:00"), "2018-01-01T04:59:59.999Z");
  EXPECT_EQ(normal("2018-01-01T09:00:00+09:00"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2018-01-01T05:45:00+05:45"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2016-02-29T12:00:00-04:00"), "2016-02-29T16:00:00.000Z");
}

TEST(TimeTest, ReadsDates) {
  EXPECT_EQ(normal("2018-01-01"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2000-02-29"), "2000-02-29T00:00:00.000Z");
}

TEST(TimeTest, ReadsTheDumpsFractions) {
  EXPECT_EQ(normal("2008-06-10 03:08:07.34205 UTC"), "2008-06-10T03:08:07.342Z");
  EXPECT_EQ(normal("2008-06-10 03:08:07.3 UTC"), "2008-06-10T03:08:07.300Z");
  EXPECT_EQ(normal("2008-06-10 03:08:07 UTC"), "2008-06-10T03:08:07.000Z");
  EXPECT_EQ(normal("1970-01-01 00:00:00 UTC"), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("2008-06-10T03:08:07.999999999Z"), "2008-06-10T03:08:07.999Z");
}

TEST(TimeTest, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2018",
                                      "2018-1-1",
                                      "2018-13-01",
                                      "2018-00-01",
                                      "2018-02-30",
                                      "2017-02-29",
                                      "2018-01-01T",
                                      "2018-01-01Z",
                                      "2018-01-01T00:00:00",
                                      "2018-01-01T00:00Z",
                                      "2018-01-01T24:00:00Z",
                                      "2018-01-01T00:60:00Z",
                                      "2018-01-01T00:00:61Z",
                                      "2018-01-01T00:00:00.Z",
                                      "2018-01-01T00:00:00.0000000000Z",
                                      "2018-01-01T00:00:00+0900",
                                      "2018-01-01T00:00:00+15:00",
                                      "2018-01-01T00:00:00+09:60",
                                      "2018-01-01T00:00:00Z ",
                                      " 2018-01-01",
                                      "-018-01-01",
                                      "2018-01-01T-1:00:00Z",
                                      "1514764800",
                                      "yesterday",
                                      "2018-01-01T00:00:00 EST"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(TimeTest, FormatsMomentsBefore1970) {
  EXPECT_EQ(normal("1969-12-31T23:59:59.500Z"), "1969-12-31T23:59:59.500Z");
  EXPECT_EQ(format_date(*parse_timestamp("1969-12-31T23:59:59.500Z")), "1969-12-31");
}

TEST(TimeTest, AYearStartsAtMidnightUtc) {
  EXPECT_EQ(format_timestamp(start_of_year(2018)), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(format_date(start_of_year(2005)), "2005-01-01");
}

}  // namespace
}  // namespace dbr
