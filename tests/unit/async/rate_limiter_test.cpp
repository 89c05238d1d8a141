// SPDX-License-Identifier: MIT
// Time is a number here: no clock, no sleep.
#include "dbr/async/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace dbr {
namespace {

using namespace std::chrono_literals;
using Duration = RateLimiter::Duration;

constexpr RateLimiter::TimePoint k_start{100h};

TEST(RateLimiterTest, SpacesPermitsOut) {
  RateLimiter limiter(2.0);
  EXPECT_EQ(limiter.take(k_start), 0s);
  EXPECT_EQ(limiter.take(k_start), 500ms);
  EXPECT_EQ(limiter.take(k_start), 1s);
  EXPECT_EQ(limiter.take(k_start + 1500ms), 0s);
}

TEST(RateLimiterTest, SavesNoMoreThanTheBurst) {
  RateLimiter limiter(1.0, 3.0);
  for (int count = 0; count < 3; ++count) EXPECT_EQ(limiter.take(k_start + 1000h), 0s);
  EXPECT_EQ(limiter.take(k_start + 1000h), 1s);
}

TEST(RateLimiterTest, InfinityNeverWaits) {
  RateLimiter limiter(std::numeric_limits<double>::infinity());
  for (int count = 0; count < 1000; ++count) EXPECT_EQ(limiter.take(k_start, 1e9), 0s);
  limiter.set_rate(k_start, 1.0);
  EXPECT_EQ(limiter.take(k_start), 0s);
  EXPECT_EQ(limiter.take(k_start), 1s);
}

TEST(RateLimiterTest, ANewRateHoldsFromNowOn) {
  RateLimiter limiter(1.0);
  limiter.take(k_start);
  limiter.take(k_start);  // one owed
  limiter.set_rate(k_start, 4.0);
  EXPECT_EQ(limiter.take(k_start), 500ms);
}

TEST(RateLimiterTest, AClockThatStandsStillOrGoesBackGivesNothingAway) {
  RateLimiter limiter(1.0);
  EXPECT_EQ(limiter.take(k_start), 0s);
  EXPECT_EQ(limiter.take(k_start - 1h), 1s);
  EXPECT_EQ(limiter.take(k_start), 2s);
}

TEST(RateLimiterTest, LargeAmountsAreOwed) {
  RateLimiter limiter(1000.0, 100.0);
  EXPECT_EQ(limiter.take(k_start, 1100.0), 1s);
}

// The promise: in any window of W seconds at most rate * W + burst permits, whatever the callers do.
TEST(RateLimiterTest, NoWindowHoldsTooMany) {
  std::mt19937 random(1);
  for (const auto& [rate, burst] : std::vector<std::pair<double, double>>{{1.0, 1.0}, {9.0, 5.0}, {0.3, 2.0}}) {
    RateLimiter limiter(rate, burst);
    std::vector<double> permits;
    auto now = k_start;
    for (int count = 0; count < 400; ++count) {
      const Duration wait = limiter.take(now);
      permits.push_back(std::chrono::duration<double>(now + wait - k_start).count());
      // Callers that do not wait, wait just enough, or come back much later.
      const auto pause = std::chrono::milliseconds(random() % 3000);
      if (random() % 3 == 0) now += wait;
      if (random() % 4 == 0) now += pause;
    }
    for (std::size_t first = 0; first < permits.size(); ++first) {
      for (std::size_t last = first; last < permits.size(); ++last) {
        const double window = permits[last] - permits[first];
        ASSERT_LE(static_cast<double>(last - first + 1), rate * window + burst + 1e-6) << rate << " " << first;
      }
    }
  }
}

}  // namespace
}  // namespace dbr
