// SPDX-License-Identifier: MIT
#include "dbr/pipeline/progress.hpp"

#include <gtest/gtest.h>

namespace dbr::pipeline {
namespace {

TEST(Meter, WithoutPartsThereAreNoShares) {
  EXPECT_TRUE(Meter("stage").facts().shares.empty());
}

TEST(Meter, WhatNoPartTookIsWaiting) {
  Meter meter("stage");
  meter.set_parts({"decode", "encode"}, 2);
  const auto idle = meter.facts().shares;
  ASSERT_EQ(idle.size(), 3U);
  EXPECT_EQ(idle[2].name, "wait");
  EXPECT_DOUBLE_EQ(idle[2].share, 1);
  // More than there was of time: nothing is left to wait, and nothing is negative.
  meter.add_work(0, std::chrono::hours(3));
  meter.add_work(1, std::chrono::hours(1));
  const auto busy = meter.facts().shares;
  EXPECT_NEAR(busy[0].share / busy[1].share, 3, 1e-9);
  EXPECT_DOUBLE_EQ(busy[2].share, 0);
}

}  // namespace
}  // namespace dbr::pipeline
