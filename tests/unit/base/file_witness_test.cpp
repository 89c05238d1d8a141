// SPDX-License-Identifier: MIT
#include "dbr/base/file_witness.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

#include "support/scratch.hpp"

namespace dbr {
namespace {

struct stat look(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

TEST(FileWitness, IsOfEachFactThatAChangeTouches) {
  struct stat status {};
  status.st_size = 4096;
  status.st_ino = 17;
  status.st_mtim = {1'500'000'000, 123};
  status.st_ctim = {1'600'000'000, 456};
  const std::vector<std::function<void(struct stat&)>> changes = {
      [](auto& s) { ++s.st_size; },         [](auto& s) { ++s.st_ino; },
      [](auto& s) { ++s.st_mtim.tv_sec; },  [](auto& s) { ++s.st_mtim.tv_nsec; },
      [](auto& s) { ++s.st_ctim.tv_sec; },  [](auto& s) { ++s.st_ctim.tv_nsec; },
      [](auto& s) { --s.st_ctim.tv_nsec; }, [](auto& s) { std::swap(s.st_mtim, s.st_ctim); }};
  std::set<std::int64_t> seen = {witness_of(status)};
  for (const auto& change : changes) {
    struct stat changed = status;
    change(changed);
    EXPECT_TRUE(seen.insert(witness_of(changed)).second);
  }
  // Who only reads it, or gives it to somebody else to read, has not changed it.
  struct stat read = status;
  ++read.st_atim.tv_sec;
  ++read.st_dev;
  EXPECT_EQ(witness_of(read), witness_of(status));
}

TEST(FileWitness, NothingIsNotNotKnown) {
  EXPECT_NE(witness_of({}), 0);
}

TEST(FileWitness, OfRealFiles) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "a", "12345");
  test::write_bytes(scratch / "b", "12345");
  const std::int64_t before = witness_of(look(scratch / "a"));
  EXPECT_EQ(witness_of(look(scratch / "a")), before);
  EXPECT_NE(witness_of(look(scratch / "b")), before);
  // Changed, and its modification time put back. A file system's clock may stand still for some milliseconds.
  const struct stat old = look(scratch / "a");
  for (int tries = 0; tries < 1'000'000 && witness_of(look(scratch / "a")) == before; ++tries) {
    std::ofstream(scratch / "a", std::ios::in | std::ios::out) << "54321";
    const timespec times[] = {old.st_atim, old.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, (scratch / "a").c_str(), times, 0), 0);
  }
  EXPECT_EQ(look(scratch / "a").st_mtim.tv_nsec, old.st_mtim.tv_nsec);
  EXPECT_NE(witness_of(look(scratch / "a")), before);
}

TEST(FileWitness, OfWhatIsNotThere) {
  const test::Scratch scratch;
  EXPECT_EQ(witness_at(scratch / "none"), 0);
  EXPECT_EQ(witness_at(scratch.path()), 0);
  test::write_bytes(scratch / "a", "12345");
  EXPECT_EQ(witness_at(scratch / "a"), witness_of(look(scratch / "a")));
  std::filesystem::create_symlink(scratch / "a", scratch / "b");
  EXPECT_EQ(witness_at(scratch / "b"), 0);
}

TEST(FileWitness, IsRenewedWhereOnlyNamesHaveChanged) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "a", "12345");
  const struct stat before = look(scratch / "a");
  std::filesystem::create_hard_link(scratch / "a", scratch / "b");
  EXPECT_EQ(renewed_witness(before, look(scratch / "b")), witness_at(scratch / "a"));
  std::filesystem::copy_file(scratch / "a", scratch / "c");
  EXPECT_EQ(renewed_witness(before, look(scratch / "c")), 0);
  std::filesystem::resize_file(scratch / "a", 3);
  EXPECT_EQ(renewed_witness(before, look(scratch / "b")), 0);
  EXPECT_EQ(renewed_witness(before, {}), 0);
}

}  // namespace
}  // namespace dbr
