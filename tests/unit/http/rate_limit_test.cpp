// SPDX-License-Identifier: MIT
// Told the time: every window of a simulated hour is looked at.
#include "http/rate_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace dbr::http {
namespace {

using namespace std::chrono_literals;

struct Taken {
  double at;
  double size;
};

/// A loop that wakes when it is asked to, and a little late, and transfers that always have more.
class RateLimitTest : public ::testing::Test {
 protected:
  void run(ByteCount rate, std::size_t transfers, double seconds) {
    RateLimit limit(rate);
    const auto piece = static_cast<std::size_t>(piece_size(rate, static_cast<long>(transfers)));
    std::mt19937 random{1};
    std::uniform_int_distribution<std::size_t> sizes(1, piece);
    std::uniform_real_distribution<double> lateness(0, 0.015);
    shares.assign(transfers, 0);
    taken.clear();
    double now = 1;
    for (std::size_t i = 0; i < transfers; ++i) offer(limit, i, sizes(random), now);
    while (now < 1 + seconds) {
      while (const void* who = limit.next(time(now))) {
        const auto i = static_cast<std::size_t>(static_cast<const double*>(who) - shares.data());
        const std::size_t size = sizes(random);
        limit.charge(size);
        note(i, size, now);
        offer(limit, i, sizes(random), now);
      }
      now += std::chrono::duration<double>(limit.wait(time(now))).count() + lateness(random);
    }
  }

  double sum() const {
    double bytes = 0;
    for (const Taken& one : taken) bytes += one.size;
    return bytes;
  }

  /// The most that any window had beyond rate * W.
  double excess(ByteCount rate) const {
    double most = 0;
    double level = 0;
    double last = 0;
    for (const Taken& one : taken) {
      level = std::max(0.0, level - (one.at - last) * static_cast<double>(rate)) + one.size;
      last = one.at;
      most = std::max(most, level);
    }
    return most;
  }

  static RateLimit::TimePoint time(double seconds) {
    return RateLimit::TimePoint(
        std::chrono::duration_cast<RateLimit::Duration>(std::chrono::duration<double>(seconds)));
  }

  std::vector<double> shares;
  std::vector<Taken> taken;

 private:
  void offer(RateLimit& limit, std::size_t i, std::size_t size, double now) {
    while (limit.take(&shares[i], size, time(now))) note(i, size, now);
  }
  void note(std::size_t i, std::size_t size, double now) {
    shares[i] += static_cast<double>(size);
    taken.push_back({now, static_cast<double>(size)});
  }
};

TEST_F(RateLimitTest, NoWindowHasMoreThanThePromise) {
  for (const ByteCount rate : {1'000, 100'000, 5'000'000, 100'000'000}) {
    for (const std::size_t transfers : {1U, 8U, 64U}) {
      run(rate, transfers, 20);
      // Besides the bucket: what curl holds of each connection and what may lie in its buffer.
      const auto count = static_cast<long>(transfers);
      const auto held = static_cast<double>(count * (piece_size(rate, count) + 2 * receive_buffer_size(rate, count)));
      EXPECT_LE(excess(rate) + held, static_cast<double>(rate_allowance(rate))) << rate << ' ' << transfers;
    }
  }
}

TEST_F(RateLimitTest, TheRateIsUsedInFull) {
  for (const ByteCount rate : {100'000, 5'000'000}) {
    for (const std::size_t transfers : {1U, 8U}) {
      run(rate, transfers, 20);
      EXPECT_GE(sum(), 0.98 * 20 * static_cast<double>(rate)) << rate << ' ' << transfers;
    }
  }
}

TEST_F(RateLimitTest, NobodyStarves) {
  run(5'000'000, 8, 20);
  const auto [least, most] = std::ranges::minmax(shares);
  EXPECT_GE(least, 0.9 * most);
}

TEST_F(RateLimitTest, WhoLeavesIsNotWaitedFor) {
  RateLimit limit(1'000);
  int one = 0;
  int two = 0;
  ASSERT_TRUE(limit.take(&one, 100'000, time(1)));
  EXPECT_FALSE(limit.take(&one, 10, time(1)));
  EXPECT_FALSE(limit.take(&two, 10, time(1)));
  EXPECT_FALSE(limit.take(&one, 10, time(1))) << "asking twice does not queue twice";
  EXPECT_EQ(limit.next(time(1)), nullptr);
  EXPECT_GT(limit.wait(time(1)), 60s);
  limit.leave(&one);
  EXPECT_EQ(limit.next(time(100)), &two);
  EXPECT_EQ(limit.next(time(100)), nullptr);
  EXPECT_EQ(limit.wait(time(100)), RateLimit::Duration::max());
}

TEST_F(RateLimitTest, WhatCameUnaskedIsMadeUpFor) {
  RateLimit limit(1'000'000);
  int one = 0;
  ASSERT_TRUE(limit.take(&one, 1, time(1)));
  limit.charge(2'000'000);
  EXPECT_FALSE(limit.take(&one, 1, time(2)));
  EXPECT_EQ(limit.next(time(2.9)), nullptr);
  EXPECT_EQ(limit.next(time(3)), &one);
}

TEST(ReceiveBufferTest, LeavesRoomForDistantServers) {
  // Eight connections, a tenth of a second away: what is on its way has to fit.
  EXPECT_GE(8 * 2 * receive_buffer_size(5'000'000, 8), 500'000);
  EXPECT_GE(8 * 2 * receive_buffer_size(50'000'000, 8), 5'000'000);
  // Slow lines are not to be filled for seconds in advance.
  EXPECT_LE(8 * 2 * receive_buffer_size(100'000, 8), 200'000);
  EXPECT_GE(receive_buffer_size(1, 8), 4096);
}

}  // namespace
}  // namespace dbr::http
