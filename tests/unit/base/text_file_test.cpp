// SPDX-License-Identifier: MIT
#include "dbr/base/text_file.hpp"

#include <gtest/gtest.h>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

using test::must;

TEST(TextFileTest, AppearsWholeOrNotAtAll) {
  const test::Scratch scratch;
  {
    auto file = must(TextFile::create(scratch / "discarded.txt"));
    must(file.add_line("a line"));
  }
  EXPECT_EQ(test::count_entries(scratch.path()), 0);
  auto file = must(TextFile::create(scratch / "lists/a.txt"));
  std::string expected;
  for (int line = 0; line < 20'000; ++line) {  // more than is kept in memory
    must(file.add_line(std::to_string(line)));
    expected += std::to_string(line) + "\n";
  }
  must(file.commit());
  EXPECT_EQ(test::read_bytes(scratch / "lists/a.txt"), expected);
  must(must(TextFile::create(scratch / "empty.txt")).commit());
  EXPECT_EQ(test::read_bytes(scratch / "empty.txt"), "");
}

}  // namespace
}  // namespace dbr
