// SPDX-License-Identifier: MIT
#include "dbr/async/stop.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace dbr {
namespace {

using namespace std::chrono_literals;

TEST(StopTest, TheLevelOnlyRises) {
  StopSource source;
  const StopToken token = source.token();
  EXPECT_FALSE(token.is_stopping());
  source.request_stop(StopLevel::drain);
  EXPECT_TRUE(token.is_stopping());
  EXPECT_FALSE(token.is_aborting());
  source.request_stop(StopLevel::abort);
  source.request_stop(StopLevel::drain);
  source.request_stop(StopLevel::none);
  EXPECT_EQ(token.level(), StopLevel::abort);
}

TEST(StopTest, AChildStopsWithItsParentButNotTheOtherWayRound) {
  StopSource parent;
  StopSource child(parent.token());
  StopSource grandchild(child.token());
  child.request_stop(StopLevel::drain);
  EXPECT_FALSE(parent.token().is_stopping());
  EXPECT_EQ(grandchild.token().level(), StopLevel::drain);
  parent.request_stop(StopLevel::abort);
  EXPECT_EQ(child.token().level(), StopLevel::abort);
  EXPECT_EQ(grandchild.token().level(), StopLevel::abort);
}

TEST(StopTest, AChildOfAStoppedParentIsStopped) {
  StopSource parent;
  parent.request_stop(StopLevel::drain);
  const StopSource child(parent.token());
  EXPECT_EQ(child.token().level(), StopLevel::drain);
}

TEST(StopTest, AParentOutlivesItsChildren) {
  StopSource parent;
  for (int count = 0; count < 3; ++count) const StopSource child(parent.token());
  parent.request_stop(StopLevel::abort);
  EXPECT_TRUE(parent.token().is_aborting());
}

TEST(StopTest, ATokenOutlivesItsSource) {
  const StopToken token = StopSource().token();
  EXPECT_FALSE(token.is_stopping());
}

TEST(StopTest, AStopEndsASleep) {
  StopSource parent;
  const StopSource child(parent.token());
  std::thread stopper([&] { parent.request_stop(StopLevel::drain); });
  EXPECT_FALSE(child.token().sleep_for(1h));
  stopper.join();
  EXPECT_FALSE(child.token().sleep_for(1h));
  EXPECT_TRUE(child.token().sleep_for(0ms, StopLevel::abort));
}

TEST(StopTest, ASleepForAbortOutlastsADrain) {
  StopSource source;
  source.request_stop(StopLevel::drain);
  std::thread stopper([&] { source.request_stop(StopLevel::abort); });
  EXPECT_FALSE(source.token().sleep_for(1h, StopLevel::abort));
  stopper.join();
  EXPECT_TRUE(source.token().is_aborting());
}

TEST(StopTest, ChildrenComeAndGoWhileTheParentStops) {
  StopSource parent;
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      while (!StopSource(parent.token()).token().is_stopping()) std::this_thread::yield();
    });
  }
  parent.request_stop(StopLevel::drain);
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace dbr
