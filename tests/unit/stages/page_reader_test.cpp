// SPDX-License-Identifier: MIT
#include "fake_table.hpp"

namespace dbr::stages {
namespace {

using test::FakeTable;
using test::must;
using test::numbers;

struct Walk {
  std::set<std::int64_t> read;
  std::vector<std::pair<std::int64_t, std::int64_t>> broken;  ///< after this ID, up to that one
};

Walk walk(PageReader<metadata::Record> pages) {
  Walk seen;
  for (std::int64_t after = 0;;) {
    const auto page = must(pages.next(after));
    if (page.is_empty()) return seen;
    for (const auto& [id, row] : page.rows) seen.read.insert(id);
    if (page.broken_until != 0) seen.broken.emplace_back(after, page.broken_until);
    after = page.broken_until != 0 ? page.broken_until : page.rows.rbegin()->first;
  }
}

TEST(PageReaderTest, ReadsAShortPageAgainUntilItIsWhole) {
  FakeTable table{.ids = numbers(1, 30), .dropped = {3, 30}};
  auto pages = table.pages(50);
  EXPECT_EQ(must(pages.next(0)).rows.size(), 30U);
  EXPECT_EQ(table.requests, 3);
}

TEST(PageReaderTest, DoesNotWhereNothingFollowsFromAHole) {
  FakeTable table{.ids = numbers(1, 30)};
  auto pages = table.pages(50, false);
  EXPECT_EQ(must(pages.next(0)).rows.size(), 30U);
  EXPECT_EQ(table.requests, 1);
}

TEST(PageReaderTest, ABadRowCostsItselfOnly) {
  for (const std::int64_t bad : {1, 2, 37, 200, 201, 399, 1000}) {
    FakeTable table{.ids = numbers(1, 1000), .bad = {bad}};
    const Walk seen = walk(table.pages(200));
    EXPECT_EQ(seen.broken, (decltype(seen.broken){{bad - 1, bad}}));
    EXPECT_EQ(seen.read.size(), 999U);
    // Five full pages, the empty one, eight halvings, and the pages between them.
    EXPECT_LE(table.requests, 6 + 2 * 8 + 4) << bad;
    EXPECT_EQ(table.checks, 1);
  }
}

TEST(PageReaderTest, BadRowsBesideEachOtherAreOneBreak) {
  FakeTable table{.ids = numbers(1, 400), .bad = {50, 51, 53}};
  const Walk seen = walk(table.pages(200));
  EXPECT_EQ(seen.broken.front().first, 49);
  EXPECT_EQ(seen.broken.back().second, 53);
  for (const auto& [after, last] : seen.broken) EXPECT_LE(last - after, 4);
  EXPECT_LE(400 - seen.read.size(), 4U) << "what lies between them is left to whoever asks by ID";
}

TEST(PageReaderTest, FindsABadRowBehindAGap) {
  FakeTable table{.ids = {1, 2, 3, 5000, 6000}, .bad = {5000}};
  const Walk seen = walk(table.pages(200));
  EXPECT_EQ(seen.broken, (decltype(seen.broken){{3, 5000}}));
  EXPECT_EQ(seen.read, (std::set<std::int64_t>{1, 2, 3, 6000}));
}

TEST(PageReaderTest, AnOutageIsNoBadRow) {
  FakeTable table{.ids = numbers(1, 10), .is_down = true};
  auto pages = table.pages(200);
  const auto page = pages.next(0);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::network);
  EXPECT_EQ(table.requests, 1);
}

TEST(PageReaderTest, ATableThatNeverWorksIsNoBadRowEither) {
  PageReader<metadata::Record> pages(
      {.limit = 200,
       .is_repeated = true,
       .page_after = [](std::int64_t, int, site::Patience) -> Result<site::Page<metadata::Record>> {
         return fail(ErrorKind::network, "HTTP status 500");
       },
       .check_site = [](const Error&) { return Result<void>(); }});
  EXPECT_FALSE(pages.next(0));
}

TEST(PageReaderTest, RefusalsAreNotNarrowed) {
  int requests = 0;
  PageReader<metadata::Record> pages(
      {.limit = 200,
       .is_repeated = true,
       .page_after = [&](std::int64_t, int, site::Patience) -> Result<site::Page<metadata::Record>> {
         ++requests;
         return fail(ErrorKind::remote_rejected, "HTTP status 403");
       },
       .check_site = [](const Error&) { return Result<void>(); }});
  EXPECT_EQ(pages.next(0).error().kind, ErrorKind::remote_rejected);
  EXPECT_EQ(requests, 1);
}

}  // namespace
}  // namespace dbr::stages
