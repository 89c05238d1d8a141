// SPDX-License-Identifier: MIT
// Compressed texts and archives of them, told apart by content.
#include <algorithm>

#include "dump_support.hpp"

namespace dbr::site {
namespace {

constexpr std::string_view k_text = "{\"a\":1}\n{\"a\":2}\n";
const Lines k_lines = {"1 {\"a\":1}", "2 {\"a\":2}"};
constexpr int k_filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2,
                             ARCHIVE_FILTER_LZ4};

std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("{{\"id\":{},\"hash\":{}}}\n", i, i * 7'919LL % 1'000'003);
  return text;
}

TEST(DumpPackedTest, ReadsEachCompression) {
  const std::string text = many_lines(50'000);
  const Lines lines = read_bytes(text).lines;
  for (const int filter : k_filters) {
    const Yield yield = read_bytes(pack(text, filter));
    EXPECT_FALSE(yield.error) << filter << yield.error->message;
    EXPECT_EQ(yield.lines, lines) << filter;
  }
}

TEST(DumpPackedTest, ReadsNothingPacked) {
  for (const int filter : k_filters) {
    if (filter == ARCHIVE_FILTER_LZ4) continue;  // libarchive 3.6.2 crashes writing it
    const Yield yield = read_bytes(pack("", filter));
    EXPECT_FALSE(yield.error) << filter << yield.error->message;
    EXPECT_EQ(yield.lines, Lines{});
  }
}

TEST(DumpPackedTest, ReadsFramesInARow) {
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    const std::string bytes = pack("{\"a\":1}\n{\"a\"", filter) + pack("", filter) + pack(":2}\n", filter);
    EXPECT_EQ(read_bytes(bytes).lines, k_lines) << filter;
    EXPECT_EQ(read_bytes(bytes + std::string(512, '\0')).lines, k_lines) << filter;
  }
}

TEST(DumpPackedTest, ReadsWhatWasPackedTwice) {
  EXPECT_EQ(read_bytes(pack(pack(k_text, ARCHIVE_FILTER_XZ), ARCHIVE_FILTER_GZIP)).lines, k_lines);
  std::string bytes(k_text);
  for (int i = 0; i < 20; ++i) bytes = pack(bytes, ARCHIVE_FILTER_GZIP);
  EXPECT_TRUE(read_bytes(bytes).error);
}

TEST(DumpPackedTest, ReadsMembersOfATar) {
  const std::vector<Member> members = {{"a/posts0.json", std::string(k_text)}, {"empty", ""}, {"b.json", "[{}]"}};
  const Lines lines = {"x: a/posts0.json#1 {\"a\":1}", "x: a/posts0.json#2 {\"a\":2}", "x: b.json#1 {}"};
  for (const int format :
       {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FORMAT_ZIP}) {
    const Yield yield = read_bytes(make_archive(members, format));
    EXPECT_FALSE(yield.error) << format << yield.error->message;
    EXPECT_EQ(yield.lines, lines) << format;
  }
  for (const int filter : k_filters) {
    const Yield yield = read_bytes(make_tar(members, filter));
    EXPECT_FALSE(yield.error) << filter << yield.error->message;
    EXPECT_EQ(yield.lines, lines) << filter;
  }
}

TEST(DumpPackedTest, ReadsTarsInARow) {
  EXPECT_EQ(read_bytes(make_tar({{"a", "{}"}}) + make_tar({{"b", "{}"}})).lines, (Lines{"x: a#1 {}", "x: b#1 {}"}));
  EXPECT_FALSE(read_bytes(make_tar({})).error);
}

TEST(DumpPackedTest, PassesOverOtherMembers) {
  ::testing::internal::CaptureStderr();
  const Yield yield = read_bytes(make_tar({{"README", "hello"}, {"a.json", "{}"}, {"0001/1.jpg", "\xff\xd8"}}));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(yield.lines, Lines{"x: a.json#1 {}"});
  EXPECT_FALSE(yield.error);
  EXPECT_NE(log.find("passing over x: README: it is not JSON"), std::string::npos) << log;
  EXPECT_NE(log.find("0001/1.jpg"), std::string::npos) << log;
}

TEST(DumpPackedTest, WarnsOfAFewMembersOnly) {
  std::vector<Member> members;
  for (int i = 0; i < 100; ++i) members.push_back({fmt::format("{}.jpg", i), "\xff\xd8"});
  ::testing::internal::CaptureStderr();
  EXPECT_FALSE(read_bytes(make_tar(members)).error);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(log, '\n'), 11);
  EXPECT_NE(log.find("passed over 90 more members of x"), std::string::npos) << log;
}

TEST(DumpPackedTest, NamesCannotSpeakToTheTerminal) {
  const Yield yield = read_bytes(make_tar({{"../\x1b[31m\nred\x7f", "{}"}}));
  EXPECT_EQ(yield.lines, Lines{"x: ../?[31m?red?#1 {}"});
  const Yield lengthy = read_bytes(make_archive({{std::string(5000, 'n'), "{}"}}, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE));
  ASSERT_EQ(lengthy.lines.size(), 1U);
  EXPECT_LT(lengthy.lines[0].size(), 250U);
}

TEST(DumpPackedTest, RefusesPackedThingsThatAreNotJson) {
  for (const int filter : k_filters) {
    const Yield yield = read_bytes(pack("hello, world", filter));
    ASSERT_TRUE(yield.error) << filter;
    EXPECT_EQ(yield.error->kind, ErrorKind::corrupt) << filter;
  }
}

TEST(DumpPackedTest, LongLinesStayOutOfMemory) {
  // A megabyte of gzip that is a gigabyte of line would be a bomb.
  const std::string bytes = pack("{}\n{" + std::string(50'000'000, ' ') + "}\n{}\n", ARCHIVE_FILTER_GZIP);
  const Yield yield = read_bytes(bytes, {.longest_line = 1 << 20});
  EXPECT_EQ(yield.lines, (Lines{"1 {}", "3 {}"}));
  EXPECT_EQ(yield.skipped, Lines{"2:50000002"});
}

}  // namespace
}  // namespace dbr::site
