// SPDX-License-Identifier: MIT
#include "dbr/base/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

using test::must;

class FileTest : public ::testing::Test {
 protected:
  test::Scratch scratch;
};

TEST_F(FileTest, ReadsWhatIsThere) {
  const std::string bytes = std::string(600'000, 'x') + '\0' + "end";
  test::write_bytes(scratch / "a", bytes);
  EXPECT_EQ(must(read_file(scratch / "a")), bytes);
  std::string seen;
  const ByteCount size = must(read_blocks(scratch / "a", [&](std::span<const std::byte> block) {
    for (const std::byte byte : block) seen += static_cast<char>(byte);
  }));
  EXPECT_EQ(size, static_cast<ByteCount>(bytes.size()));
  EXPECT_EQ(seen, bytes);
}

TEST_F(FileTest, TheCapIsInclusive) {
  test::write_bytes(scratch / "a", "12345");
  EXPECT_EQ(must(read_file(scratch / "a", 5)), "12345");
  const auto refused = read_file(scratch / "a", 4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::corrupt);
}

TEST_F(FileTest, MissingIsNotFound) {
  const auto read = read_file(scratch / "none");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::not_found);
  EXPECT_TRUE(remove_file(scratch / "none"));
}

TEST_F(FileTest, OtherTroubleIsIo) {
  const auto created = open_file(scratch.path() / "none" / "a", O_WRONLY | O_CREAT);
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().kind, ErrorKind::io);
  EXPECT_FALSE(rename_file(scratch / "none", scratch / "a"));
  EXPECT_FALSE(remove_file(scratch.path()));
}

TEST_F(FileTest, AnFdClosesItself) {
  Fd fd = must(open_file(scratch / "a", O_WRONLY | O_CREAT));
  const int number = fd.get();
  Fd moved = std::move(fd);
  EXPECT_EQ(moved.get(), number);
  moved.close();
  EXPECT_FALSE(moved);
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace dbr
