// SPDX-License-Identifier: MIT
#include "dbr/base/file_lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

TEST(FileLockTest, ASecondHolderIsToldAboutTheFirst) {
  const test::Scratch scratch;
  std::optional lock(test::must(FileLock::acquire(scratch / "dbr.lock", "build")));
  const auto second = FileLock::acquire(scratch / "dbr.lock", "verify");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::locked);
  EXPECT_NE(second.error().message.find("dbr build (process " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
  lock.reset();
  EXPECT_TRUE(FileLock::acquire(scratch / "dbr.lock", "verify"));
}

TEST(FileLockTest, AnOldHoldersTextDoesNotMatter) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "dbr.lock", std::string(300, 'x'));
  const auto lock = FileLock::acquire(scratch / "dbr.lock", "build");
  ASSERT_TRUE(lock);
  EXPECT_EQ(test::read_bytes(scratch / "dbr.lock").find('x'), std::string::npos);
}

}  // namespace
}  // namespace dbr
