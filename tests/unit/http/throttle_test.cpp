// SPDX-License-Identifier: MIT
#include "dbr/http/throttle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace dbr::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using TimePoint = Throttle::TimePoint;

const TimePoint k_start = TimePoint{} + 1000h;
constexpr double k_unlimited = std::numeric_limits<double>::infinity();

double in_seconds(Throttle::Duration d) {
  return duration<double>(d).count();
}

/// Every run of n+1 turns must span n intervals of the ceiling: the same as "at most rate * W + 1 in any window W".
void expect_within(const std::vector<TimePoint>& due, double rate) {
  for (std::size_t first = 0; first < due.size(); ++first) {
    for (std::size_t last = first + 1; last < std::min(due.size(), first + 50); ++last) {
      ASSERT_GE(in_seconds(due[last] - due[first]) * rate, static_cast<double>(last - first) - 1e-6);
    }
  }
}

TEST(ThrottleTest, SpacesTurnsEvenly) {
  Throttle throttle(4.0);
  EXPECT_EQ(throttle.reserve(k_start), 0ms);
  EXPECT_EQ(throttle.reserve(k_start), 250ms);
  EXPECT_EQ(throttle.reserve(k_start + 100ms), 400ms);
  EXPECT_EQ(throttle.reserve(k_start + 10s), 0ms);
}

TEST(ThrottleTest, KeepsToItsRateInAnyWindow) {
  std::mt19937 random(1);
  for (const double rate : {0.5, 1.0, 3.0, 10.0, 333.0}) {
    Throttle throttle(rate);
    std::vector<TimePoint> due;
    TimePoint now = k_start;
    // On the average twice as many arrivals as turns, with pauses in which a bucket would fill up.
    std::exponential_distribution<double> gap(rate * 2);
    for (int i = 0; i < 2000; ++i) {
      const double pause = i % 400 == 0 ? 500 / rate : gap(random);
      now += std::chrono::duration_cast<Throttle::Duration>(duration<double>(pause));
      due.push_back(now + throttle.reserve(now));
      // The rate changes while turns are still ahead.
      if (i % 97 == 0) throttle.on_pushback(now, std::nullopt);
      if (i % 3 == 0) throttle.on_success(now);
    }
    ASSERT_TRUE(std::is_sorted(due.begin(), due.end()));
    expect_within(due, rate);
  }
}

TEST(ThrottleTest, KeepsToItsRateWhoeverWakesLate) {
  std::mt19937 random(2);
  for (const double rate : {0.5, 1.0, 10.0, 333.0}) {
    Throttle throttle(rate);
    std::vector<TimePoint> sent;
    TimePoint now = k_start;
    std::uniform_real_distribution<double> lateness(0, 0.9 / rate);
    for (int i = 0; i < 1000; ++i) {
      auto wait = throttle.reserve(now);
      do {
        now += wait;
        if (i % 3 == 0) now += std::chrono::duration_cast<Throttle::Duration>(duration<double>(lateness(random)));
        wait = throttle.start(now);
      } while (wait > 0ms);
      sent.push_back(now);
    }
    expect_within(sent, rate);
  }
}

TEST(ThrottleTest, StartsALateTurnAtOnceAndTheNextOneAfterIt) {
  Throttle throttle(4.0);
  EXPECT_EQ(throttle.reserve(k_start), 0ms);
  EXPECT_EQ(throttle.start(k_start + 200ms), 0ms);
  EXPECT_EQ(throttle.reserve(k_start + 200ms), 50ms);
  EXPECT_EQ(throttle.start(k_start + 250ms), 200ms);
  EXPECT_EQ(throttle.start(k_start + 450ms), 0ms);
}

TEST(ThrottleTest, HasNoLimitWhenUnlimited) {
  Throttle throttle(k_unlimited);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(throttle.reserve(k_start), 0ms);
}

TEST(ThrottleTest, RefusesRatesThatAreNone) {
  EXPECT_THROW(Throttle(0.0), std::invalid_argument);
  EXPECT_THROW(Throttle(-1.0), std::invalid_argument);
  EXPECT_THROW(Throttle(std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

TEST(ThrottleTest, ClosesForAsLongAsAsked) {
  Throttle throttle(10.0);
  throttle.on_pushback(k_start, 30s);
  EXPECT_TRUE(throttle.is_closed(k_start));
  EXPECT_TRUE(throttle.is_closed(k_start + 29'999ms));
  EXPECT_FALSE(throttle.is_closed(k_start + 30s));
  EXPECT_EQ(throttle.until_open(k_start + 10s), 20s);
  EXPECT_EQ(throttle.until_open(k_start + 40s), 0s);
}

TEST(ThrottleTest, OpensForOneAfterTheOther) {
  Throttle throttle(10.0);
  throttle.on_pushback(k_start, 30s);
  EXPECT_EQ(throttle.reserve(k_start + 1s), 29s);
  EXPECT_EQ(throttle.reserve(k_start + 2s), 28s + 200ms);  // the rate is 5 now
  EXPECT_EQ(throttle.reserve(k_start + 3s), 27s + 400ms);
}

TEST(ThrottleTest, WaitsLongerEachTimeWhenNotTold) {
  Throttle throttle(10.0);
  TimePoint now = k_start;
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    throttle.on_pushback(now, std::nullopt);
    EXPECT_EQ(throttle.until_open(now), pause);
    now += pause;
  }
  throttle.on_success(now);
  throttle.on_pushback(now, std::nullopt);
  EXPECT_EQ(throttle.until_open(now), 1s);
}

TEST(ThrottleTest, TakesAnswersToEarlierRequestsForOnePushback) {
  Throttle throttle(10.0);
  for (int i = 0; i < 8; ++i) throttle.on_pushback(k_start + i * 10ms, std::nullopt);
  EXPECT_DOUBLE_EQ(throttle.rate(), 5.0);
  EXPECT_EQ(throttle.until_open(k_start), 1s);
  throttle.on_success(k_start + 500ms);
  EXPECT_DOUBLE_EQ(throttle.rate(), 5.0);
  throttle.on_pushback(k_start + 500ms, 10s);
  EXPECT_EQ(throttle.until_open(k_start + 500ms), 10s);
  throttle.on_pushback(k_start + 600ms, 1s);
  EXPECT_EQ(throttle.until_open(k_start + 500ms), 10s);
}

TEST(ThrottleTest, HalvesAndRecovers) {
  Throttle throttle(6.4);
  TimePoint now = k_start;
  for (int i = 0; i < 10; ++i) {
    throttle.on_pushback(now, 0s);
    EXPECT_DOUBLE_EQ(throttle.rate(), std::max(6.4 / (2 << i), 0.1));
  }
  int successes = 0;
  for (; throttle.rate() < 6.4; ++successes) throttle.on_success(now += 1s);
  EXPECT_EQ(successes, 30);
  throttle.on_success(now);
  EXPECT_DOUBLE_EQ(throttle.rate(), 6.4);
}

TEST(ThrottleTest, FindsARateWhenItHadNone) {
  Throttle throttle(k_unlimited);
  TimePoint now = k_start;
  for (int i = 0; i < 60; ++i) throttle.reserve(now += 50ms);  // 20 a second
  throttle.on_pushback(now, std::nullopt);
  EXPECT_NEAR(throttle.rate(), 10.0, 0.6);
  now += 1s;
  EXPECT_EQ(throttle.reserve(now), 0ms);
  EXPECT_GT(throttle.reserve(now), 90ms);
  // Far above what was pushed back it forgets about it.
  int successes = 0;
  for (; throttle.rate() < k_unlimited && successes < 1000; ++successes) throttle.on_success(now += 10ms);
  EXPECT_GT(successes, 100);
  EXPECT_EQ(throttle.rate(), k_unlimited);
}

TEST(ThrottleTest, FindsARateFromOneRequest) {
  Throttle throttle(k_unlimited);
  throttle.reserve(k_start);
  throttle.on_pushback(k_start + 5s, std::nullopt);
  EXPECT_DOUBLE_EQ(throttle.rate(), 0.5);
}

}  // namespace
}  // namespace dbr::http
