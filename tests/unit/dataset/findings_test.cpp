// SPDX-License-Identifier: MIT
// The list of problems: sorted, each path once, and renamed files told apart.
#include "dbr/dataset/findings.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../../support/must.hpp"

namespace dbr::dataset {
namespace {

using test::must;

class FindingsTest : public testing::Test {
 protected:
  void add(std::string path, std::string problem, Role role, ByteCount size = -1, std::string sha256 = "") {
    must(findings.add({.path = std::move(path),
                       .problem = std::move(problem),
                       .role = role,
                       .size = size,
                       .sha256 = std::move(sha256)}));
  }
  std::vector<std::string> paths() {
    std::vector<std::string> found;
    must(findings.for_each([&](const Finding& finding) -> Result<void> {
      found.push_back(finding.path);
      return {};
    }));
    return found;
  }
  Findings findings = must(Findings::create());
};

TEST_F(FindingsTest, ComeOutSortedByBytesAndOnce) {
  for (const char* path : {"b", "a/\xff", "a", "a/b", "b"}) add(path, "missing", Role::original);
  EXPECT_EQ(paths(), (std::vector<std::string>{"a", "a/b", "a/\xff", "b"}));
  EXPECT_EQ(findings.count(), 4);
  EXPECT_EQ(must(findings.counts()), (std::map<std::string, std::int64_t>{{"missing", 4}}));
}

TEST_F(FindingsTest, MoreThanAPageMayChangeWhileWalking) {
  for (int number = 0; number < 1000; ++number) add(std::to_string(number), "hash", Role::placed);
  int seen = 0;
  must(findings.for_each(Role::placed, [&](Finding finding) {
    ++seen;
    finding.is_repaired = true;
    return findings.update(finding);
  }));
  EXPECT_EQ(seen, 1000);
  EXPECT_EQ(must(findings.repaired()), 1000);
  EXPECT_EQ(findings.count(), 1000);
}

TEST_F(FindingsTest, ARenamedFileIsKnownByItsBytes) {
  add("store/1.png", "missing", Role::original, 5, "aa");
  add("store/2.png", "missing", Role::original, 5, "bb");
  add("store/3.png", "decode", Role::original, 5, "cc");
  add("danbooru/1.png", "missing", Role::placed, 5, "aa");
  add("x", "extra", Role::extra, 5);
  add("y", "extra", Role::extra, 6);
  std::vector<std::string> candidates;
  must(findings.for_each_candidate([&](Finding extra) {
    candidates.push_back(extra.path);
    extra.sha256 = "aa";
    return findings.update(extra);
  }));
  EXPECT_EQ(candidates, std::vector<std::string>{"x"});  // by its size
  must(findings.pair_renamed());
  EXPECT_EQ(must(findings.find("x")).value().other, "store/1.png");
  EXPECT_EQ(must(findings.find("store/1.png")).value().other, "x");
  EXPECT_EQ(must(findings.find("danbooru/1.png")).value().other, "");
}

TEST_F(FindingsTest, EachExtraFileIsUsedOnce) {
  add("1", "missing", Role::original, 5, "aa");
  add("x", "extra", Role::extra, 5, "aa");
  add("y", "extra", Role::extra, 5, "aa");
  must(findings.pair_renamed());
  EXPECT_EQ(must(findings.find("x")).value().other, "1");
  EXPECT_EQ(must(findings.find("y")).value().other, "");
}

}  // namespace
}  // namespace dbr::dataset
