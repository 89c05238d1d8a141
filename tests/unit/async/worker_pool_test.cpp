// SPDX-License-Identifier: MIT
#include "dbr/async/worker_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace dbr {
namespace {

TEST(WorkerPoolTest, EveryWorkerRunsOnceWithItsNumber) {
  std::array<std::atomic<int>, 4> runs{};
  WorkerPool pool(runs.size(), [&](std::size_t number) { ++runs[number]; });
  pool.join();
  for (const auto& count : runs) EXPECT_EQ(count.load(), 1);
}

TEST(WorkerPoolTest, JoinThrowsTheWorkersExceptionOnce) {
  std::atomic<int> finished = 0;
  WorkerPool pool(3, [&](std::size_t number) {
    if (number == 1) throw std::runtime_error("worker 1");
    ++finished;
  });
  EXPECT_THROW(pool.join(), std::runtime_error);
  EXPECT_EQ(finished.load(), 2);
  EXPECT_NO_THROW(pool.join());
}

TEST(WorkerPoolTest, DestructionWaitsAndKeepsQuiet) {
  std::atomic<int> finished = 0;
  {
    const WorkerPool pool(2, [&](std::size_t) {
      ++finished;
      throw std::logic_error("nobody asks");
    });
  }
  EXPECT_EQ(finished.load(), 2);
}

TEST(WorkerPoolTest, NoWorkersIsFine) {
  WorkerPool pool(0, [](std::size_t) { FAIL(); });
  pool.join();
}

}  // namespace
}  // namespace dbr
