// SPDX-License-Identifier: MIT
#include "dbr/async/byte_budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace dbr {
namespace {

TEST(ByteBudget, IsNeverExceeded) {
  constexpr ByteCount k_total = 100;
  ByteBudget budget(k_total);
  std::atomic<ByteCount> used{0};
  std::atomic<bool> is_exceeded{false};
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&, number] {
      for (int round = 0; round < 500; ++round) {
        const ByteCount wanted = (number * 37 + round * 13) % k_total + 1;
        const auto claim = budget.claim(wanted);
        if ((used += wanted) > k_total) is_exceeded = true;
        used -= wanted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(is_exceeded);
  EXPECT_EQ(used, 0);
}

TEST(ByteBudget, MoreThanEverythingIsEverything) {
  ByteBudget budget(10);
  { const auto claim = budget.claim(1000); }
  const auto again = budget.claim(10);
}

TEST(ByteBudget, SmallClaimsPassALargeOneThatWaits) {
  ByteBudget budget(100);
  auto held = std::make_optional(budget.claim(20));
  std::atomic<bool> has_large{false};
  std::thread large([&] {
    const auto claim = budget.claim(90);
    has_large = true;
  });
  // Whether it waits already or not: there is room for these beside what is held.
  for (int i = 0; i < 50; ++i) const auto small = budget.claim(10);
  EXPECT_FALSE(has_large);
  held.reset();
  large.join();
  EXPECT_TRUE(has_large);
}

TEST(ByteBudget, ALargeClaimIsNotPassedForEver) {
  ByteBudget budget(100);
  std::atomic<bool> is_over{false};
  std::vector<std::thread> busy;
  for (int i = 0; i < 4; ++i) {
    busy.emplace_back([&] {
      while (!is_over) const auto small = budget.claim(20);
    });
  }
  for (int i = 0; i < 100; ++i) const auto large = budget.claim(100);
  is_over = true;
  for (std::thread& thread : busy) thread.join();
}

}  // namespace
}  // namespace dbr
