// SPDX-License-Identifier: MIT
// SHA256SUMS: what differs from it is named, with how.
#include "checksums.hpp"

#include <gtest/gtest.h>

#include <map>

#include "../../support/must.hpp"
#include "../../support/scratch.hpp"

namespace dbr::stages {
namespace {

using test::must;
using Problems = std::map<std::string, std::string>;

class ChecksumsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b", "c"}) test::write_bytes(scratch / name, name);
    must(write_checksums(scratch.path()));
  }
  Problems check(bool with_hashes = true) {
    Problems problems;
    const StopSource stop;
    for (const WrongFile& file : must(check_checksums(scratch.path(), with_hashes, stop.token()))) {
      problems.emplace(file.name, file.problem);
    }
    return problems;
  }
  test::Scratch scratch;
};

TEST_F(ChecksumsTest, NamesWhatDiffers) {
  EXPECT_EQ(check(), Problems{});
  test::write_bytes(scratch / "a", "A");
  std::filesystem::remove(scratch / "b");
  test::write_bytes(scratch / "d", "");
  EXPECT_EQ(check(), (Problems{{"a", "hash"}, {"b", "missing"}, {"d", "extra"}}));
  EXPECT_EQ(check(false), (Problems{{"b", "missing"}, {"d", "extra"}}));
}

TEST_F(ChecksumsTest, TheListItselfMayBeBrokenOrGone) {
  const std::string list = test::read_bytes(scratch / "SHA256SUMS");
  for (const std::string& text : {list.substr(0, 30), "x" + list, list + list.substr(0, 64) + "  ../a\n"}) {
    test::write_bytes(scratch / "SHA256SUMS", text);
    EXPECT_EQ(check(), (Problems{{"SHA256SUMS", "hash"}})) << text;
  }
  std::filesystem::remove(scratch / "SHA256SUMS");
  EXPECT_EQ(check(), (Problems{{"SHA256SUMS", "missing"}}));
}

TEST_F(ChecksumsTest, FoldersCountAndHiddenOnesDoNot) {
  std::filesystem::create_directories(scratch / "lists");
  std::filesystem::create_directories(scratch / ".trash");
  test::write_bytes(scratch / "lists" / "d", "");
  test::write_bytes(scratch / ".trash" / "e", "");
  EXPECT_EQ(check(), (Problems{{"lists/d", "extra"}}));
}

TEST_F(ChecksumsTest, StopsWhenAsked) {
  StopSource stop;
  stop.request_stop(StopLevel::drain);
  const auto wrong = check_checksums(scratch.path(), true, stop.token());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace dbr::stages
