// SPDX-License-Identifier: MIT
#include "fake_table.hpp"

namespace dbr::stages {
namespace {

using test::FakeTable;
using test::must;
using test::numbers;

std::vector<std::int64_t> list(std::int64_t first, std::int64_t last) {
  const auto ids = numbers(first, last);
  return {ids.begin(), ids.end()};
}

TEST(LookupTest, AsksForWhatIsMissingAgain) {
  FakeTable table{.ids = numbers(1, 100), .dropped = {7, 8, 9, 10}};
  const auto found = must(table.lookup(Proof::list, false)(list(1, 100)));
  EXPECT_EQ(found.rows.size(), 100U);
  EXPECT_TRUE(found.absent.empty());
  EXPECT_EQ(table.requests, 2);
}

TEST(LookupTest, AListThatGoesWithoutItTwiceIsProof) {
  FakeTable table{.ids = numbers(1, 98)};
  const auto found = must(table.lookup(Proof::list, true)(list(1, 100)));
  EXPECT_EQ(found.absent, (std::vector<std::int64_t>{99, 100}));
  EXPECT_EQ(table.requests, 2);
}

TEST(LookupTest, OrTheSiteSaysSoItself) {
  FakeTable table{.ids = numbers(1, 98), .dropped = {5}};
  const auto found = must(table.lookup(Proof::alone, true)(list(1, 100)));
  EXPECT_EQ(found.absent, (std::vector<std::int64_t>{99, 100}));
  EXPECT_TRUE(found.rows.contains(5));
  EXPECT_EQ(table.requests, 1 + 1 + 2) << "three are missing: a list, then two alone";
}

TEST(LookupTest, TakesLongListsInParts) {
  FakeTable table{.ids = numbers(1, 250)};
  EXPECT_EQ(must(table.lookup(Proof::alone, true)(list(1, 250))).rows.size(), 250U);
  EXPECT_EQ(table.requests, 3);
  EXPECT_TRUE(must(table.lookup(Proof::alone, true)({})).rows.empty());
}

TEST(LookupTest, ABadRowIsFoundByHalves) {
  for (const bool has_alone : {false, true}) {
    FakeTable table{.ids = numbers(1, 100), .bad = {64}};
    const auto found = must(table.lookup(Proof::list, has_alone)(list(1, 100)));
    EXPECT_EQ(found.rows.size(), 99U);
    ASSERT_EQ(found.unread.size(), 1U);
    EXPECT_EQ(found.unread.begin()->first, 64);
    EXPECT_LE(table.requests, 20);
  }
}

TEST(LookupTest, AnOutageMarksNothing) {
  for (const std::int64_t last : {1, 100}) {
    FakeTable table{.ids = numbers(1, 100), .is_down = true};
    const auto found = table.lookup(Proof::list, false)(list(1, last));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::network);
    EXPECT_EQ(table.requests, 1);
  }
}

}  // namespace
}  // namespace dbr::stages
