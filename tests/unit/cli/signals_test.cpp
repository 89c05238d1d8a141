// SPDX-License-Identifier: MIT
#include "dbr/cli/signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

namespace dbr::cli {
namespace {

constexpr std::chrono::seconds k_long(20);

bool reaches(const StopToken& token, StopLevel level) {
  return !token.sleep_for(k_long, level);
}

TEST(SignalWatchTest, FirstDrainsSecondAborts) {
  StopSource source;
  const SignalWatch watch(source);
  EXPECT_FALSE(source.token().is_stopping());
  ::raise(SIGINT);
  ASSERT_TRUE(reaches(source.token(), StopLevel::drain));
  EXPECT_FALSE(source.token().is_aborting());
  ::raise(SIGTERM);
  EXPECT_TRUE(reaches(source.token(), StopLevel::abort));
}

TEST(SignalWatchTest, TwoAtOnceAbort) {
  StopSource source;
  const SignalWatch watch(source);
  ::raise(SIGTERM);
  ::raise(SIGTERM);
  EXPECT_TRUE(reaches(source.token(), StopLevel::abort));
}

TEST(SignalWatchTest, GivesBackTheOldHandlers) {
  struct sigaction before = {}, after = {};
  ::sigaction(SIGINT, nullptr, &before);
  for (int i = 0; i < 3; ++i) {
    StopSource source;
    const SignalWatch watch(source);
  }
  ::sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(SigpipeIgnoredTest, WriteToClosedPipeIsAnError) {
  const SigpipeIgnored ignored;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

}  // namespace
}  // namespace dbr::cli
