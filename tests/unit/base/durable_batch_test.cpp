// SPDX-License-Identifier: MIT
#include "dbr/base/durable_batch.hpp"

#include <gtest/gtest.h>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

using test::must;

TEST(DurableBatchTest, ShowsAllFilesAtOnce) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "1.part", "one");
  test::write_bytes(scratch / "2.part", "two");
  std::filesystem::create_directories(scratch / "there");
  test::write_bytes(scratch.path() / "there" / "2", "old");
  DurableBatch batch;
  EXPECT_TRUE(batch.is_empty());
  batch.add(scratch / "1.part", scratch.path() / "new" / "deep" / "1");
  batch.add(scratch / "2.part", scratch.path() / "there" / "2");
  EXPECT_FALSE(std::filesystem::exists(scratch / "new"));
  must(batch.commit());
  EXPECT_TRUE(batch.is_empty());
  EXPECT_EQ(test::read_bytes(scratch.path() / "new" / "deep" / "1"), "one");
  EXPECT_EQ(test::read_bytes(scratch.path() / "there" / "2"), "two");
  EXPECT_FALSE(std::filesystem::exists(scratch / "1.part"));
  must(batch.commit());
}

// More than are synced each.
constexpr int k_many = 40;

void add_numbered(DurableBatch& batch, const test::Scratch& scratch, int number) {
  const std::string name = std::to_string(number);
  batch.add(scratch / (name + ".part"), scratch.path() / std::to_string(number % 7) / name);
}

TEST(DurableBatchTest, ShowsManyFilesAtOnce) {
  const test::Scratch scratch;
  DurableBatch batch;
  for (int number = 0; number < k_many; ++number) {
    test::write_bytes(scratch / (std::to_string(number) + ".part"), std::to_string(number));
    add_numbered(batch, scratch, number);
  }
  must(batch.commit());
  EXPECT_TRUE(batch.is_empty());
  for (int number = 0; number < k_many; ++number) {
    const std::string name = std::to_string(number);
    EXPECT_EQ(test::read_bytes(scratch.path() / std::to_string(number % 7) / name), name);
    EXPECT_FALSE(std::filesystem::exists(scratch / (name + ".part")));
  }
}

TEST(DurableBatchTest, OneMissingAmongManyShowsNothing) {
  const test::Scratch scratch;
  DurableBatch batch;
  for (int number = 0; number < k_many; ++number) {
    if (number != k_many - 1) test::write_bytes(scratch / (std::to_string(number) + ".part"), "x");
    add_numbered(batch, scratch, number);
  }
  const auto committed = batch.commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::not_found);
  for (int number = 0; number < k_many - 1; ++number) {
    EXPECT_TRUE(std::filesystem::exists(scratch / (std::to_string(number) + ".part")));
  }
}

TEST(DurableBatchTest, AMissingPartShowsNothing) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "1.part", "one");
  DurableBatch batch;
  batch.add(scratch / "1.part", scratch / "1");
  batch.add(scratch / "2.part", scratch / "2");
  const auto committed = batch.commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(scratch / "1"));
}

TEST(DurableBatchTest, ADroppedBatchLeavesTheParts) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "1.part", "one");
  { DurableBatch().add(scratch / "1.part", scratch / "1"); }
  EXPECT_TRUE(std::filesystem::exists(scratch / "1.part"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "1"));
}

}  // namespace
}  // namespace dbr
