// SPDX-License-Identifier: MIT
#include "dbr/async/bounded_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace dbr {
namespace {

TEST(BoundedQueueTest, KeepsTheOrderAndDrainsAfterClosing) {
  BoundedQueue<int> queue(3);
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  queue.close();
  EXPECT_FALSE(queue.push(3));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueueTest, HoldsWhatCannotBeCopied) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.push(std::make_unique<int>(7)));
  EXPECT_EQ(**queue.pop(), 7);
}

TEST(BoundedQueueTest, GivesUpAtTheDeadline) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.pop_until(std::chrono::steady_clock::now()), std::nullopt);
  queue.push(1);
  EXPECT_EQ(queue.pop_until(std::chrono::steady_clock::now()), 1);
}

TEST(BoundedQueueTest, NeverHoldsMoreThanItsCapacity) {
  constexpr int k_items = 2000;
  constexpr int k_capacity = 3;
  BoundedQueue<int> queue(k_capacity);
  std::atomic<int> pushed = 0;
  std::thread producer([&] {
    for (int value = 0; value < k_items; ++value) {
      queue.push(value);
      ++pushed;
    }
    queue.close();
  });
  int expected = 0;
  while (const auto value = queue.pop()) {
    EXPECT_EQ(*value, expected++);
    EXPECT_LE(pushed.load(), expected + k_capacity);
  }
  producer.join();
  EXPECT_EQ(expected, k_items);
}

TEST(BoundedQueueTest, ClosingWakesEverybody) {
  BoundedQueue<int> full(1);
  BoundedQueue<int> empty(1);
  full.push(1);
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int number = 0; number < 2; ++number) {
    threads.emplace_back([&] { refused += full.push(2) ? 0 : 1; });
    threads.emplace_back([&] { refused += empty.pop() ? 0 : 1; });
  }
  full.close();
  empty.close();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused.load(), 4);
}

TEST(BoundedQueueTest, ManyReadersShareEveryValueOnce) {
  constexpr int k_items = 1000;
  BoundedQueue<int> queue(4);
  std::vector<std::atomic<int>> seen(k_items);
  std::vector<std::thread> readers;
  for (int number = 0; number < 3; ++number) {
    readers.emplace_back([&] {
      while (const auto value = queue.pop()) ++seen[static_cast<std::size_t>(*value)];
    });
  }
  for (int value = 0; value < k_items; ++value) queue.push(value);
  queue.close();
  for (auto& reader : readers) reader.join();
  for (const auto& count : seen) EXPECT_EQ(count.load(), 1);
}

}  // namespace
}  // namespace dbr
