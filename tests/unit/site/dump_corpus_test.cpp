// SPDX-License-Identifier: MIT
// The fuzzers' corpus, small and real in shape, read without a fuzzer: no crash, and lines in order.
#include <algorithm>
#include <filesystem>

#include "dump_support.hpp"
#include "support/scratch.hpp"

namespace dbr::site {
namespace {

TEST(DumpCorpusTest, EveryFileEnds) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DBR_CORPUS "/dump")) {
    const std::string bytes = test::read_bytes(entry.path());
    const Yield whole = read_bytes(bytes);
    const Yield small = read_bytes(bytes, {.longest_line = 200, .batch_size = 1});
    EXPECT_EQ(whole.error.has_value(), small.error.has_value()) << entry.path();
    EXPECT_EQ(whole.lines.size() + whole.skipped.size(), small.lines.size() + small.skipped.size()) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 10);
}

}  // namespace
}  // namespace dbr::site
