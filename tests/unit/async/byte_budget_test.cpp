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

TEST(ByteBudget, ALargeClaimThatWaitsLetsOthersPassOnlyWhileItIsNotItsTurn) {
  ByteBudget budget(100);
  auto first = std::make_optional(budget.claim(60));  // large: on its lane
  std::atomic<bool> has_second{false};
  std::thread second([&] {
    const auto claim = budget.claim(60);  // waits for the lane
    has_second = true;
  });
  // Small ones pass: there is room beside the first.
  for (int i = 0; i < 100; ++i) const auto small = budget.claim(20);
  EXPECT_FALSE(has_second);
  first.reset();
  second.join();
  EXPECT_TRUE(has_second);
}

}  // namespace
}  // namespace dbr
