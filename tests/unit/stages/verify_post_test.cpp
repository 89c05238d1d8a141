// SPDX-License-Identifier: MIT
// One post's files against what is known of them.
#include "verify_post.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "../../support/must.hpp"
#include "../../support/scratch.hpp"
#include "verify_read.hpp"

namespace dbr::stages {
namespace {

using dataset::Form;
using dataset::KnownPost;
using dataset::Series;
using Problems = std::map<std::string, std::string>;

class VerifyPostTest : public testing::TestWithParam<DigestKind> {
 protected:
  VerifyPostTest() : layout(scratch.path(), 1000) {
    settings.kind = GetParam();
    post = {.id = 7, .state = dataset::OriginalState::stored, .file_ext = "png", .original = bytes_of("original")};
    post.placed = {{Series{dataset::Set::sfw, Form::original}, "png", post.original}};
    stored = layout.stored(Form::original, 7, "png");
    placed = scratch / "danbooru/sfw/original/0007/7.png";
    for (const auto& path : {stored, placed}) std::filesystem::create_directories(path.parent_path());
    test::write_bytes(stored, "original");
    std::filesystem::create_hard_link(stored, placed);
  }

  dataset::Bytes bytes_of(std::string_view text) const {
    dataset::Bytes bytes{.size = static_cast<ByteCount>(text.size())};
    Digest digest(GetParam());
    digest.update(text);
    std::ranges::copy(digest.finish(), bytes.digest.begin());
    return bytes;
  }

  Problems check() {
    const PostCheck found = check_post(layout, post, settings, stop.token());
    EXPECT_FALSE(found.is_cut);
    bytes_read = found.bytes;
    Problems problems;
    for (const auto& finding : found.findings) problems.emplace(finding.path, finding.problem);
    return problems;
  }

  test::Scratch scratch;
  dataset::Layout layout;
  CheckSettings settings;
  KnownPost post;
  std::filesystem::path stored, placed;
  ByteCount bytes_read = 0;
  StopSource stop;
};

const std::string k_stored = "store/original/0007/7.png";
const std::string k_placed = "danbooru/sfw/original/0007/7.png";

TEST_P(VerifyPostTest, AFileWithTwoNamesIsReadOnce) {
  EXPECT_EQ(check(), Problems{});
  EXPECT_EQ(bytes_read, 8);
  settings.depth = Depth::size;
  EXPECT_EQ(check(), Problems{});
  EXPECT_EQ(bytes_read, 0);
}

TEST_P(VerifyPostTest, WrongBytesAreWrongUnderBothNames) {
  test::write_bytes(stored, "Original");
  EXPECT_EQ(check(), (Problems{{k_stored, "hash"}}));  // the other name still has the right ones
  std::filesystem::remove(placed);
  std::filesystem::create_hard_link(stored, placed);
  EXPECT_EQ(check(), (Problems{{k_stored, "hash"}, {k_placed, "hash"}}));
  settings.depth = Depth::size;
  EXPECT_EQ(check(), Problems{});
}

TEST_P(VerifyPostTest, MissingShortAndOddFiles) {
  std::filesystem::remove(placed);
  EXPECT_EQ(check(), (Problems{{k_placed, "missing"}}));
  test::write_bytes(placed, "orig");
  EXPECT_EQ(check(), (Problems{{k_placed, "size"}}));
  std::filesystem::remove(placed);
  ASSERT_EQ(::mkfifo(placed.c_str(), 0600), 0);
  EXPECT_EQ(check(), (Problems{{k_placed, "unreadable"}}));  // and does not hang
}

TEST_P(VerifyPostTest, WithoutATreeOnlyTheStoreCounts) {
  std::filesystem::remove(placed);
  settings.has_tree = false;
  EXPECT_EQ(check(), Problems{});
}

TEST_P(VerifyPostTest, WhatARowNoLongerClaimsMayBeGoneButNotWrong) {
  post.state = dataset::OriginalState::wanted;
  post.placed.clear();
  EXPECT_EQ(check(), Problems{});
  test::write_bytes(stored, "Original");
  EXPECT_EQ(check(), (Problems{{k_stored, "hash"}}));
  std::filesystem::remove(stored);
  EXPECT_EQ(check(), Problems{});
}

TEST_P(VerifyPostTest, AbortingSaysNothing) {
  test::write_bytes(stored, "Original");
  stop.request_stop(StopLevel::abort);
  const PostCheck found = check_post(layout, post, settings, stop.token());
  EXPECT_TRUE(found.is_cut);
  EXPECT_TRUE(found.findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Digests, VerifyPostTest, testing::Values(DigestKind::sha256, DigestKind::md5));

TEST(VerifyReadTest, LargeFilesAreReadWhole) {
  const test::Scratch scratch;
  const std::string bytes((std::size_t{3} << 20) + 17, 'x');
  test::write_bytes(scratch / "large", bytes);
  EXPECT_EQ(file_digest(scratch / "large", DigestKind::sha256), digest_hex(DigestKind::sha256, bytes));
  EXPECT_EQ(file_digest(scratch / "large", DigestKind::md5), digest_hex(DigestKind::md5, bytes));
  EXPECT_EQ(read_through(scratch / "large", DigestKind::md5, true).bytes, bytes);
  EXPECT_EQ(file_digest(scratch / "none", DigestKind::md5), "");
  test::write_bytes(scratch / "empty", "");
  EXPECT_EQ(file_digest(scratch / "empty", DigestKind::md5), digest_hex(DigestKind::md5, ""));
}

}  // namespace
}  // namespace dbr::stages
