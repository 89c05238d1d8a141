// SPDX-License-Identifier: MIT
// Hard links, reflinks and copies: what each makes, what is known again, and what is left when it fails.
#include "file_placer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "../../support/must.hpp"
#include "../../support/scratch.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using test::must;

class FilePlacerTest : public testing::Test {
 protected:
  void SetUp() override {
    test::write_bytes(source, "bytes");
    ASSERT_EQ(::chmod(source.c_str(), 0444), 0);
    set_time(source, {1'500'000'000, 123'456'789});
    fs::create_directories(target.parent_path());
  }
  static void set_time(const fs::path& path, timespec time) {
    const timespec times[] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }
  static struct stat facts(const fs::path& path) {
    struct stat found {};
    EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
    return found;
  }

  test::Scratch scratch;
  const fs::path source = scratch / "source";
  const fs::path target = scratch / "tree/1.png";
  StopSource stop;
};

TEST_F(FilePlacerTest, ACopyIsAFileOfItsOwnWithSizeTimeAndMode) {
  FilePlacer placer(LinkMode::copy, stop.token());
  EXPECT_FALSE(placer.is_placed(source, target));
  test::write_bytes(target, "what was there");
  must(placer.put(source, target));
  EXPECT_EQ(test::read_bytes(target), "what was there") << "until the copy is durable";
  must(placer.flush());
  EXPECT_EQ(test::read_bytes(target), "bytes");
  EXPECT_NE(facts(target).st_ino, facts(source).st_ino);
  EXPECT_EQ(facts(target).st_mtim.tv_nsec, 123'456'789);
  EXPECT_EQ(facts(target).st_mode & 0777U, 0444U);
  EXPECT_TRUE(placer.is_placed(source, target));
  EXPECT_EQ(test::count_entries(target.parent_path()), 1U);
}

TEST_F(FilePlacerTest, ACopyOfOtherBytesIsKnownByItsSizeOrTime) {
  FilePlacer placer(LinkMode::copy, stop.token());
  must(placer.put(source, target));
  must(placer.flush());
  set_time(source, {1'500'000'000, 123'456'790});
  EXPECT_FALSE(placer.is_placed(source, target));
  fs::permissions(source, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(source, std::ios::app) << "!";
  set_time(source, {1'500'000'000, 123'456'789});
  EXPECT_FALSE(placer.is_placed(source, target));
}

// As exFAT, NTFS and FAT keep times.
TEST_F(FilePlacerTest, CoarseTimesOfTheTargetAreEnough) {
  FilePlacer placer(LinkMode::copy, stop.token());
  must(placer.put(source, target));
  must(placer.flush());
  for (const long kept : {123'456'700L, 123'456'000L, 120'000'000L, 0L}) {
    set_time(target, {1'500'000'000, kept});
    EXPECT_TRUE(placer.is_placed(source, target)) << kept;
  }
  for (const timespec other : {timespec{1'500'000'000, 123'456'788}, timespec{1'500'000'000, 130'000'000},
                               timespec{1'500'000'002, 0}, timespec{1'499'999'999, 0}}) {
    set_time(target, other);
    EXPECT_FALSE(placer.is_placed(source, target)) << other.tv_nsec;
  }
}

TEST_F(FilePlacerTest, AHardLinkIsNoCopyAndACopyNoHardLink) {
  FilePlacer hard(LinkMode::hard, stop.token());
  FilePlacer copy(LinkMode::copy, stop.token());
  must(hard.put(source, target));
  EXPECT_EQ(facts(target).st_ino, facts(source).st_ino);
  EXPECT_TRUE(hard.is_placed(source, target));
  EXPECT_FALSE(copy.is_placed(source, target));
  must(copy.put(source, target));
  must(copy.flush());
  EXPECT_FALSE(hard.is_placed(source, target));
}

TEST_F(FilePlacerTest, AStoppedCopyAndAnUnfinishedGroupLeaveNothing) {
  {
    FilePlacer placer(LinkMode::copy, stop.token());
    must(placer.put(source, target));
    EXPECT_EQ(test::count_entries(target.parent_path()), 1U);
  }
  EXPECT_EQ(test::count_entries(target.parent_path()), 0U);
  stop.request_stop(StopLevel::abort);
  FilePlacer placer(LinkMode::copy, stop.token());
  const auto stopped = placer.put(source, target);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(test::count_entries(target.parent_path()), 0U);
}

TEST_F(FilePlacerTest, TheProbeLeavesNothingBehind) {
  for (const LinkMode mode : {LinkMode::hard, LinkMode::copy}) {
    must(check_link_mode(mode, scratch / "part", scratch / "folder"));
    EXPECT_EQ(test::count_entries(scratch / "part") + test::count_entries(scratch / "folder"), 0U);
  }
}

// Where blocks cannot be shared the error says what can be done; where they can, a reflink is what a copy would be.
TEST_F(FilePlacerTest, ReflinksWorkOrSayWhatDoes) {
  const auto checked = check_link_mode(LinkMode::reflink, scratch / "part", scratch / "folder");
  EXPECT_EQ(test::count_entries(scratch / "part") + test::count_entries(scratch / "folder"), 0U);
  FilePlacer placer(LinkMode::reflink, stop.token());
  const auto put = placer.put(source, target);
  ASSERT_EQ(put.has_value(), checked.has_value());
  if (!checked) {
    EXPECT_EQ(checked.error().kind, ErrorKind::config);
    EXPECT_NE(checked.error().hint.find("--link copy"), std::string::npos) << checked.error().hint;
    EXPECT_EQ(test::count_entries(target.parent_path()), 0U);
    return;
  }
  must(placer.flush());
  EXPECT_EQ(test::read_bytes(target), "bytes");
  EXPECT_TRUE(placer.is_placed(source, target));
}

}  // namespace
}  // namespace dbr::stages
