// SPDX-License-Identifier: MIT
#include "dbr/base/atomic_file.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

using test::must;

class AtomicFileTest : public ::testing::Test {
 protected:
  test::Scratch scratch;
};

TEST_F(AtomicFileTest, NothingIsVisibleBeforeCommit) {
  auto file = must(AtomicFile::create(scratch / "a"));
  must(file.write("new "));
  must(file.write("text"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "a"));
  must(file.commit());
  EXPECT_EQ(test::read_bytes(scratch / "a"), "new text");
  EXPECT_EQ(test::count_entries(scratch.path()), 1);
}

TEST_F(AtomicFileTest, DestructionDiscardsAndKeepsTheOldFile) {
  test::write_bytes(scratch / "a", "old");
  {
    auto file = must(AtomicFile::create(scratch / "a"));
    must(file.write("new"));
    const AtomicFile moved = std::move(file);
  }
  EXPECT_EQ(test::read_bytes(scratch / "a"), "old");
  EXPECT_EQ(test::count_entries(scratch.path()), 1);
}

TEST_F(AtomicFileTest, ReplacesAndStartsEmpty) {
  test::write_bytes(scratch / "a", "old");
  test::write_bytes(scratch / ".a.part", "a leftover that is longer");
  must(write_file_atomically(scratch / "a", "new"));
  EXPECT_EQ(test::read_bytes(scratch / "a"), "new");
}

TEST_F(AtomicFileTest, AFileThatSaysSoAlreadyIsNotTouched) {
  test::write_bytes(scratch / "a", "text");
  std::filesystem::create_hard_link(scratch / "a", scratch / "b");
  must(write_file_atomically(scratch / "a", "text"));
  EXPECT_TRUE(std::filesystem::equivalent(scratch / "a", scratch / "b"));
}

TEST_F(AtomicFileTest, MakesTheDirectory) {
  must(write_file_atomically(scratch.path() / "x" / "y" / "a", "text"));
  EXPECT_EQ(test::read_bytes(scratch.path() / "x" / "y" / "a"), "text");
}

TEST_F(AtomicFileTest, OthersMayWriteThePart) {
  auto file = must(AtomicFile::create(scratch / "a"));
  test::write_bytes(file.part_path(), "by a library");
  must(file.commit());
  EXPECT_EQ(test::read_bytes(scratch / "a"), "by a library");
}

TEST_F(AtomicFileTest, ANameWithoutDirectoryIsInTheCurrentOne) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  const auto written = write_file_atomically("a", "text");
  std::filesystem::current_path(before);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(test::read_bytes(scratch / "a"), "text");
}

TEST_F(AtomicFileTest, AFailedCommitLeavesNoPart) {
  std::filesystem::create_directories(scratch.path() / "a" / "full");
  {
    auto file = must(AtomicFile::create(scratch / "a"));
    const auto committed = file.commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().kind, ErrorKind::io);
  }
  EXPECT_EQ(test::count_entries(scratch.path()), 1);
}

}  // namespace
}  // namespace dbr
