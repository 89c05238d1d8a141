// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <sstream>

#include "dbr/cli/progress.hpp"

namespace dbr::cli {
namespace {

using Style = ProgressView::Style;
using std::chrono::milliseconds;

std::string shown_while(Style style, milliseconds bar_interval, const std::function<void()>& act) {
  std::ostringstream err;
  pipeline::Progress progress;
  progress.start("fetch-images").set_total(10);
  progress.start("done-already").finish();
  {
    const ProgressView view(progress, err, {.style = style, .bar_interval = bar_interval}, {});
    act();
  }
  return err.str();
}

TEST(ProgressViewTest, DrawsUnfinishedMetersAndCleansUp) {
  const std::string text =
      shown_while(Style::bars, milliseconds(1), [] { std::this_thread::sleep_for(milliseconds(60)); });
  EXPECT_NE(text.find("fetch-images     0%"), std::string::npos);
  EXPECT_EQ(text.find("done-already"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\x1b[J"));
}

TEST(ProgressViewTest, EndsAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(shown_while(Style::bars, milliseconds(60'000), [] {}), "");
  EXPECT_EQ(shown_while(Style::lines, milliseconds(60'000), [] {}), "");
  EXPECT_EQ(shown_while(Style::none, milliseconds(1), [] {}), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

// For the thread sanitizer: log lines from several threads beside a busy bar. Nothing is drawn inside a line's time.
TEST(ProgressViewTest, LogLinesAndBarsTakeTurns) {
  const std::string text = shown_while(Style::bars, milliseconds(1), [] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int line = 0; line < 5; ++line) {
          log::info("a line beside the bar");
          std::this_thread::sleep_for(milliseconds(3));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  });
  EXPECT_TRUE(text.empty() || text.ends_with("\r\x1b[J"));
}

}  // namespace
}  // namespace dbr::cli
