// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "dbr/cli/progress.hpp"

namespace dbr::cli {
namespace {

using Facts = pipeline::Meter::Facts;
using std::chrono::seconds;

Facts some() {
  return {.name = "fetch-images", .total = 2940, .done = 1234, .failed = 2, .bytes = 0, .elapsed = seconds(100)};
}

TEST(ProgressFormatTest, BarWithEverything) {
  EXPECT_EQ(format_bar(some(), {12.34, 4.5e6}, 110),
            "fetch-images    41% [############                  ]"
            "  1,234/2,940  2 failed  ETA 2 min 18 s  12/s  4.5 MB/s");
}

TEST(ProgressFormatTest, NarrowBarsLeaveOutTheLeastImportant) {
  EXPECT_EQ(format_bar(some(), {12.34, 4.5e6}, 60), "fetch-images    41%  1,234/2,940  2 failed  ETA 2 min 18 s");
  EXPECT_EQ(format_bar(some(), {12.34, 4.5e6}, 35), "fetch-images    41%  1,234/2,940");
  for (std::size_t width = 1; width < 200; ++width) EXPECT_LE(format_bar(some(), {12.34, 4.5e6}, width).size(), width);
}

TEST(ProgressFormatTest, UnknownTotal) {
  Facts facts = some();
  facts.total = -1;
  EXPECT_EQ(format_bar(facts, {3.21, 0}, 79), "fetch-images    1,234  2 failed  3.2/s");
  EXPECT_EQ(format_progress_line(facts, {3.21, 0}), "fetch-images: 1,234, 3.2/s, 2 failed");
}

TEST(ProgressFormatTest, Line) {
  EXPECT_EQ(format_progress_line(some(), {12.34, 4.5e6}),
            "fetch-images: 1,234 of 2,940 (41%), 12/s, 4.5 MB/s, 2 min 18 s left, 2 failed");
}

TEST(ProgressFormatTest, TheBottleneckComesLast) {
  Facts facts = some();
  facts.shares = {{"decode", 0.614}, {"resample", 0.1}, {"encode", 0.2}, {"wait", 0.086}};
  const std::string shares = "decode 61% resample 10% encode 20% wait 9%";
  EXPECT_TRUE(format_progress_line(facts, {1, 0}).ends_with(", 2 failed, " + shares));
  EXPECT_TRUE(format_bar(facts, {1, 0}, 150).ends_with("  " + shares));
  EXPECT_EQ(format_bar(facts, {1, 0}, 79), format_bar(some(), {1, 0}, 79));  // where there is no room
}

TEST(ProgressFormatTest, OddFactsDoNotBreakIt) {
  Facts facts = some();
  facts.done = 5000;  // more than there were to do
  EXPECT_NE(format_bar(facts, {1, 0}, 79).find("100%"), std::string::npos);
  facts.total = 0;
  EXPECT_EQ(format_progress_line(facts, {0, 0}), "fetch-images: 5,000 of 0, 0.0/s, 2 failed");
  facts.total = 1'000'000'000;
  EXPECT_EQ(format_progress_line(facts, {1e-9, 0}), "fetch-images: 5,000 of 1,000,000,000 (0%), 0.0/s, 2 failed");
}

TEST(RateWindowTest, LastMinuteCounts) {
  RateWindow window;
  Facts facts{.name = "x", .total = -1, .done = 1000, .failed = 0, .bytes = 2000, .elapsed = seconds(10)};
  EXPECT_DOUBLE_EQ(window.add(facts).items, 100);
  for (int second = 11; second <= 100; ++second) {
    facts.elapsed = seconds(second);
    facts.done += 5;
    window.add(facts);
  }
  facts.elapsed += seconds(1);
  facts.done += 5;
  EXPECT_DOUBLE_EQ(window.add(facts).items, 5);
  EXPECT_DOUBLE_EQ(RateWindow().add({}).items, 0);
}

}  // namespace
}  // namespace dbr::cli
