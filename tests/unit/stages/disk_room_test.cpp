// SPDX-License-Identifier: MIT
#include "disk_room.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::stages {
namespace {

using test::must;

TEST(DiskRoomTest, WhatIsClaimedIsNotClaimedAgainUntilItIsWritten) {
  const test::Scratch scratch;
  // Other programs write here too: the steps are large beside what they do meanwhile.
  auto room = must(DiskRoom::open(scratch.path(), 0));
  const ByteCount free = must(room.available());
  std::optional<DiskRoom::Claim> first = must(room.claim(free / 10 * 7));
  const auto refused = room.claim(free / 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::disk_full);
  first->written(free / 2);
  EXPECT_TRUE(room.claim(free / 2)) << "and what is written is no longer promised";
  first.reset();
  EXPECT_TRUE(room.claim(free / 10 * 7));
}

TEST(DiskRoomTest, TheReserveStaysFree) {
  const test::Scratch scratch;
  const ByteCount free = must(must(DiskRoom::open(scratch.path(), 0)).available());
  auto room = must(DiskRoom::open(scratch.path(), free * 2));
  EXPECT_LT(must(room.available()), 0);
  EXPECT_FALSE(room.claim(1));
  EXPECT_LE(must(DiskRoom::open(scratch.path(), {})).reserve(), 1'000'000'000);
}

}  // namespace
}  // namespace dbr::stages
