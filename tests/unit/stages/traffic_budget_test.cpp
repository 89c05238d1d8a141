// SPDX-License-Identifier: MIT
#include "traffic_budget.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace dbr::stages {
namespace {

TEST(TrafficBudgetTest, IsNeverOverdrawn) {
  TrafficBudget budget(100);
  EXPECT_TRUE(budget.claim(60));
  EXPECT_TRUE(budget.claim(40));
  EXPECT_FALSE(budget.is_spent());
  EXPECT_FALSE(budget.claim(1));
  EXPECT_TRUE(budget.is_spent());
  TrafficBudget other(100);
  EXPECT_TRUE(other.claim(100));
  other.settle(100, 30);
  EXPECT_TRUE(other.claim(70));
  EXPECT_FALSE(other.claim(1));
  TrafficBudget none(std::nullopt);
  EXPECT_TRUE(none.claim(ByteCount{1} << 60));
}

}  // namespace
}  // namespace dbr::stages
