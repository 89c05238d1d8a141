// SPDX-License-Identifier: MIT
#include "exports/figures.hpp"

#include <gtest/gtest.h>

#include "exports/markup.hpp"

namespace dbr::exports {
namespace {

TEST(FiguresTest, DecimalsAreExactAndRoundedHalfUp) {
  const auto text = [](std::int64_t numerator, std::int64_t denominator) {
    return print_document(decimal(numerator, denominator));
  };
  EXPECT_EQ(text(0, 7), "0.000\n");
  EXPECT_EQ(text(1, 3), "0.333\n");
  EXPECT_EQ(text(2, 3), "0.667\n");
  EXPECT_EQ(text(1, 2000), "0.001\n");
  EXPECT_EQ(text(-1, 2000), "-0.001\n");
  EXPECT_EQ(text(-7, 2), "-3.500\n");
  EXPECT_EQ(text(9'000'000'000'000'000, 1'000'000'000'000), "9000.000\n");
  EXPECT_EQ(text(5, 0), "null\n");
}

TEST(FiguresTest, PercentsAddUp) {
  const auto shares = [](std::vector<std::int64_t> counts) { return percents_in_tenths(counts); };
  EXPECT_EQ(shares({1, 1, 1}), (std::vector<std::int64_t>{334, 333, 333}));
  EXPECT_EQ(shares({0, 2, 0, 1}), (std::vector<std::int64_t>{0, 667, 0, 333}));
  EXPECT_EQ(shares({0, 0}), (std::vector<std::int64_t>{0, 0}));
  EXPECT_EQ(shares({1'891'594, 390'215, 224'511}), (std::vector<std::int64_t>{755, 156, 89}));
}

TEST(FiguresTest, TallyKnowsTheMiddle) {
  Tally tally;
  EXPECT_TRUE(tally.median().is_null());
  EXPECT_TRUE(tally.lowest().is_null());
  for (const std::int64_t value : {7, -2, 4, 4}) tally.add(value);
  EXPECT_EQ(tally.median(), 4.0);
  tally.add(9);
  tally.add(5);
  EXPECT_EQ(tally.median(), 4.5);
  EXPECT_EQ(tally.mean(), 4.5);
  EXPECT_EQ(tally.lowest(), -2);
  EXPECT_EQ(tally.highest(), 9);
}

TEST(FiguresTest, RangesBeginAtTheirBound) {
  Ranges ranges({0, 10, 20});
  for (const std::int64_t value : {0, 9, 10, 20, 1000}) ranges.add(value);
  EXPECT_EQ(ranges.document("files", "bytes").dump(),
            R"([{"from":0,"below":10,"files":2,"bytes":9},{"from":10,"below":20,"files":1,"bytes":10},)"
            R"({"from":20,"below":null,"files":2,"bytes":1020}])");
}

TEST(FiguresTest, PrintsPlainThingsOnOneLine) {
  EXPECT_EQ(
      print_document({{"a", 1}, {"list", {{{"b", "x\""}, {"c", 1.5}}, {{"b", nullptr}}}}, {"none", Document::array()}}),
      "{\n  \"a\": 1,\n  \"list\": [\n    {\"b\": \"x\\\"\", \"c\": 1.500},\n    {\"b\": null}\n  ],\n  \"none\": "
      "[]\n}\n");
}

TEST(MarkupTest, WritesNumbersForPeople) {
  EXPECT_EQ(short_count(0), "0");
  EXPECT_EQ(short_count(999), "999");
  EXPECT_EQ(short_count(4'878'068), "4.88 M");
  EXPECT_EQ(short_count(162'345'678), "162 M");
  EXPECT_EQ(short_count(-48'780), "-48.8 k");
  EXPECT_EQ(decimal_text(decimal(12'345'678, 10), 1), "1,234,567.8");
  EXPECT_EQ(decimal_text(nullptr, 1), "–");
  EXPECT_EQ(last_day_of("2018-01-01T00:00:00.000Z"), "2017-12-31");
  EXPECT_EQ(pixels_text(11'234'567'890'123), "11.235 terapixels");
  EXPECT_EQ(pixels_text(450'000'000), "0.450 gigapixels");
  EXPECT_EQ(title_of("danbooru2017"), "Danbooru2017");
  EXPECT_EQ(escape_markup("<a href='x'>&\"\x01"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\xef\xbf\xbd");
}

}  // namespace
}  // namespace dbr::exports
