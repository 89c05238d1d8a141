// SPDX-License-Identifier: MIT
// Cut anywhere, a bit turned anywhere: every complete line before it, then an Error that says where.
#include "dump_support.hpp"

namespace dbr::site {
namespace {

const Lines k_lines = [] {
  Lines lines;
  for (int i = 1; i <= 40; ++i)
    lines.push_back(fmt::format("{} {{\"id\":{},\"md5\":\"{:08x}\"}}", i, i, i * 2654435761U));
  return lines;
}();

std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line.substr(line.find(' ') + 1) + '\n';
  return text;
}

/// Thousands of times: less memory to set up each time.
Yield read_small(std::string_view bytes) {
  return read_bytes(bytes, {.batch_size = 4096});
}

/// The lines are the first ones, whole.
void expect_beginning(const Lines& got, const Lines& all, const std::string& what) {
  ASSERT_LE(got.size(), all.size()) << what;
  EXPECT_TRUE(std::equal(got.begin(), got.end(), all.begin())) << what;
}

class DumpCutTest : public ::testing::TestWithParam<int> {};

TEST_P(DumpCutTest, CutAnywhereEndsInAnError) {
  const std::string whole = pack(text_of(k_lines), GetParam());
  ASSERT_EQ(read_small(whole).lines, k_lines);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Yield yield = read_small(whole.substr(0, size));
    ASSERT_TRUE(yield.error) << size;
    EXPECT_EQ(yield.error->kind, ErrorKind::corrupt) << size;
    EXPECT_TRUE(yield.error->message.starts_with("cannot read x")) << yield.error->message;
    expect_beginning(yield.lines, k_lines, std::to_string(size));
  }
}

TEST_P(DumpCutTest, CutIntoTheSecondFrameKeepsTheFirst) {
  const std::string first = pack(text_of(k_lines), GetParam());
  const std::string second = pack("{}\n", GetParam());
  for (std::size_t size = 1; size < second.size(); ++size) {
    const Yield yield = read_small(first + second.substr(0, size));
    ASSERT_TRUE(yield.error) << size;
    ASSERT_GE(yield.lines.size(), k_lines.size());
    EXPECT_TRUE(std::equal(k_lines.begin(), k_lines.end(), yield.lines.begin())) << size;
  }
}

// bzip2 and lz4 lose up to a block, in libarchive; the three that dumps come in do not.
INSTANTIATE_TEST_SUITE_P(Compressions, DumpCutTest,
                         ::testing::Values(ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD));

TEST(DumpDamageTest, ATurnedBitIsAnError) {
  // zstd as libarchive writes it has no sums.
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ}) {
    const std::string whole = pack(text_of(k_lines), filter);
    int unnoticed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      const Yield yield = read_small(bytes);
      if (!yield.error && yield.lines == k_lines) ++unnoticed;
      if (!yield.error) {
        EXPECT_EQ(yield.lines, k_lines) << at;
      }
    }
    EXPECT_LT(unnoticed, 12);  // a date, an operating system: nothing of the text
  }
}

TEST(DumpDamageTest, AllLinesBeforeALateCutAreGiven) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += fmt::format("{{\"id\":{},\"x\":{}}}\n", i, i * 48'271LL % 2'147'483'647);
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    const std::string whole = pack(text, filter);
    const Yield yield = read_small(whole.substr(0, whole.size() * 9 / 10));
    ASSERT_TRUE(yield.error);
    EXPECT_GT(yield.lines.size(), 20'000U) << filter;
    EXPECT_NE(yield.error->message.find(" after line "), std::string::npos) << yield.error->message;
    EXPECT_NE(yield.error->message.find("it is cut short (near byte "), std::string::npos) << yield.error->message;
  }
}

TEST(DumpDamageTest, TheRarerCompressionsTellToo) {
  for (const int filter : {ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_LZ4}) {
    const std::string whole = pack(text_of(k_lines), filter);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      const Yield yield = read_small(whole.substr(0, size));
      // libarchive does not mind when lz4's last sum is missing.
      if (!yield.error) {
        EXPECT_EQ(yield.lines, k_lines) << size;
      }
      expect_beginning(yield.lines, k_lines, std::to_string(size));
    }
  }
}

TEST(DumpDamageTest, ATarCutAnywhereEndsInAnError) {
  const std::string whole = make_tar({{"a", text_of(k_lines)}, {"b", "{}\n"}, {"c", "{}\n"}});
  const Lines all = read_small(whole).lines;
  ASSERT_EQ(all.size(), 42U);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Yield yield = read_small(whole.substr(0, size));
    expect_beginning(yield.lines, all, std::to_string(size));
    if (!yield.error) {
      EXPECT_EQ(yield.lines, all) << size;
    }
  }
}

TEST(DumpDamageTest, AZipCutAnywhereEndsInAnError) {
  const std::string whole = make_archive({{"a", text_of(k_lines)}, {"b", "{}\n"}}, ARCHIVE_FORMAT_ZIP);
  const Lines all = read_small(whole).lines;
  ASSERT_EQ(all.size(), 41U);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Yield yield = read_small(whole.substr(0, size));
    expect_beginning(yield.lines, all, std::to_string(size));
    if (!yield.error) {
      EXPECT_EQ(yield.lines, all) << size;
    }
  }
}

TEST(DumpDamageTest, APackedTarCutAnywhereEndsInAnError) {
  const std::string whole = make_tar({{"a", text_of(k_lines)}, {"b", "{}\n"}}, ARCHIVE_FILTER_GZIP);
  const Lines all = read_small(whole).lines;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Yield yield = read_small(whole.substr(0, size));
    EXPECT_TRUE(yield.error) << size;
    expect_beginning(yield.lines, all, std::to_string(size));
  }
}

TEST(DumpDamageTest, SaysWhatFollowsAFrame) {
  const Yield yield = read_small(pack("{}\n", ARCHIVE_FILTER_GZIP) + "garbage");
  EXPECT_EQ(yield.lines, Lines{"1 {}"});
  ASSERT_TRUE(yield.error);
  EXPECT_NE(yield.error->message.find("incorrect header check"), std::string::npos) << yield.error->message;
}

}  // namespace
}  // namespace dbr::site
