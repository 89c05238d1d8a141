// SPDX-License-Identifier: MIT
#include "dbr/base/zstd_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zstd.h>

#include <memory>
#include <vector>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr {
namespace {

using test::must;

class ZstdFileTest : public ::testing::Test {
 protected:
  void write(const std::filesystem::path& path, std::string_view text) {
    auto file = must(ZstdFile::create(path));
    must(file.write(text.substr(0, text.size() / 3)));
    must(file.write(text.substr(text.size() / 3)));
    must(file.commit());
  }

  Result<std::vector<std::string>> read(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    DBR_CHECK(read_zstd_lines(path, [&](std::string_view line) -> Result<void> {
      lines.emplace_back(line);
      return {};
    }));
    return lines;
  }

  test::Scratch scratch;
};

TEST_F(ZstdFileTest, LinesComeBack) {
  write(scratch / "a.zst", "one\n\ntwo \t\xE3\x81\x82\nlast without newline");
  EXPECT_EQ(must(read(scratch / "a.zst")),
            (std::vector<std::string>{"one", "", "two \t\xE3\x81\x82", "last without newline"}));
  write(scratch / "empty.zst", "");
  EXPECT_TRUE(must(read(scratch / "empty.zst")).empty());
}

TEST_F(ZstdFileTest, EqualTextGivesEqualBytes) {
  std::string text;
  for (int line = 0; line < 20'000; ++line) text += std::to_string(line * 7919) + "\n";
  write(scratch / "a.zst", text);
  write(scratch / "b.zst", text);
  EXPECT_EQ(test::read_bytes(scratch / "a.zst"), test::read_bytes(scratch / "b.zst"));
  EXPECT_EQ(must(read(scratch / "a.zst")).size(), 20'000);
}

TEST_F(ZstdFileTest, NothingWithoutCommit) {
  {
    auto file = must(ZstdFile::create(scratch / "a.zst"));
    must(file.write("text"));
  }
  EXPECT_EQ(test::count_entries(scratch.path()), 0);
}

TEST_F(ZstdFileTest, ACutAnywhereIsCorrupt) {
  std::string text;
  for (int line = 0; line < 40; ++line) text += "line " + std::to_string(line * line) + "\n";
  write(scratch / "a.zst", text);
  const std::string whole = test::read_bytes(scratch / "a.zst");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    test::write_bytes(scratch / "cut.zst", std::string_view(whole).substr(0, size));
    const auto lines = read(scratch / "cut.zst");
    ASSERT_FALSE(lines) << size;
    EXPECT_EQ(lines.error().kind, ErrorKind::corrupt) << size;
  }
}

TEST_F(ZstdFileTest, AFlippedBitIsCorrupt) {
  write(scratch / "a.zst", "some text that is long enough to be worth a checksum\n");
  const std::string whole = test::read_bytes(scratch / "a.zst");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    test::write_bytes(scratch / "damaged.zst", damaged);
    const auto lines = read(scratch / "damaged.zst");
    // A bit that nobody reads may change; the text may not.
    if (lines) {
      EXPECT_EQ(lines->at(0), "some text that is long enough to be worth a checksum") << at;
    } else {
      EXPECT_EQ(lines.error().kind, ErrorKind::corrupt) << at;
    }
  }
}

TEST_F(ZstdFileTest, OtherFilesAndEndlessLinesAreCorrupt) {
  test::write_bytes(scratch / "text", "no zstd at all");
  EXPECT_EQ(read(scratch / "text").error().kind, ErrorKind::corrupt);
  write(scratch / "long.zst", std::string(3'000'000, 'x'));
  EXPECT_EQ(read(scratch / "long.zst").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read(scratch / "none").error().kind, ErrorKind::not_found);
}

TEST_F(ZstdFileTest, APipeIsNoFileAndIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((scratch / "pipe.zst").c_str(), 0600), 0);
  const auto lines = read(scratch / "pipe.zst");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().kind, ErrorKind::corrupt);
}

TEST_F(ZstdFileTest, TheReadersErrorEndsTheReading) {
  write(scratch / "a.zst", "1\n2\n3\n");
  int seen = 0;
  const auto result = read_zstd_lines(scratch / "a.zst", [&](std::string_view) -> Result<void> {
    if (++seen == 2) return fail(ErrorKind::cancelled, "enough");
    return {};
  });
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(seen, 2);
}

// Other programs write blocks of any size and no checksum: the last block's text is then larger than what is left of
// the output buffer when the file's last byte is read.
TEST_F(ZstdFileTest, ReadsFilesOfOtherWriters) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 0);
  for (std::size_t first : {1'000UL, 70'000UL, 127'000UL, 131'071UL}) {
    std::string packed(1 << 20, '\0');
    ZSTD_outBuffer out{packed.data(), packed.size(), 0};
    std::size_t total = 0;
    for (const std::size_t size : {first, std::size_t{131'072}, std::size_t{131'000}}) {
      std::string text;
      while (text.size() < size) text += "x\n";
      ZSTD_inBuffer in{text.data(), text.size(), 0};
      const bool is_last = size == 131'000;
      ASSERT_EQ(ZSTD_compressStream2(context.get(), &out, &in, is_last ? ZSTD_e_end : ZSTD_e_flush), 0);
      total += text.size() / 2;
    }
    test::write_bytes(scratch / "other.zst", std::string_view(packed).substr(0, out.pos));
    const auto lines = read(scratch / "other.zst");
    ASSERT_TRUE(lines) << lines.error().message << " " << first;
    EXPECT_EQ(lines->size(), total);
  }
}

}  // namespace
}  // namespace dbr
