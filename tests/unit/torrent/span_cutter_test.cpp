// SPDX-License-Identifier: MIT
// The spans that readers work on, against the list they were cut from.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "dbr/torrent/piece_reader.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_piece = 16384;
constexpr std::size_t k_many_readers = 1000;  // so that each span is one piece

std::vector<File> list_of(const std::vector<ByteCount>& sizes) {
  std::vector<File> files;
  for (std::size_t i = 0; i < sizes.size(); ++i) files.push_back({std::to_string(i), sizes[i]});
  return files;
}

std::vector<Span> cut(const std::vector<File>& files, std::size_t readers = k_many_readers,
                      ByteCount piece_length = k_piece) {
  ByteCount total = 0;
  for (const File& file : files) total += file.size;
  SpanCutter cutter(piece_length, total, readers);
  std::vector<Span> spans;
  for (const File& file : files) {
    cutter.add(file);
    while (auto span = cutter.next()) spans.push_back(std::move(*span));
  }
  if (auto span = cutter.finish()) spans.push_back(std::move(*span));
  EXPECT_FALSE(cutter.finish());
  return spans;
}

/// That the spans, one after the other, are the list: every byte once, every file beginning in one of them.
void expect_whole(const std::vector<Span>& spans, const std::vector<File>& files, ByteCount piece_length = k_piece) {
  std::size_t piece = 0;
  std::map<std::size_t, int> beginnings;
  std::vector<ByteCount> seen(files.size(), 0);
  for (const Span& span : spans) {
    EXPECT_EQ(span.first_piece, piece);
    piece += span.is_wanted.size();
    EXPECT_EQ(static_cast<ByteCount>(span.is_wanted.size()), (span.length + piece_length - 1) / piece_length);
    EXPECT_EQ(std::ranges::count(span.is_wanted, true), std::ssize(span.is_wanted));
    EXPECT_TRUE(span.length % piece_length == 0 || &span == &spans.back());
    ByteCount left = span.length;
    for (std::size_t i = 0; i < span.files.size(); ++i) {
      const std::size_t number = span.first_file + i;
      ASSERT_LT(number, files.size());
      EXPECT_EQ(span.files[i].path, files[number].path);
      EXPECT_EQ(span.files[i].size, files[number].size);
      const ByteCount begin = i == 0 ? span.offset : 0;
      EXPECT_EQ(begin, seen[number]);
      if (begin == 0) ++beginnings[number];
      const ByteCount part = std::min(left, files[number].size - begin);
      EXPECT_TRUE(part > 0 || files[number].size == 0) << "listed without a byte of it";
      seen[number] += part;
      left -= part;
    }
    EXPECT_EQ(left, 0);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(beginnings[i], 1) << i;
    EXPECT_EQ(seen[i], files[i].size) << i;
  }
}

TEST(SpanCutter, AListWithoutFilesHasNoSpan) {
  EXPECT_TRUE(cut({}).empty());
}

TEST(SpanCutter, OnlyEmptyFilesAreOneSpanWithoutPieces) {
  const auto files = list_of({0, 0, 0});
  const auto spans = cut(files);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].length, 0);
  EXPECT_TRUE(spans[0].is_wanted.empty());
  expect_whole(spans, files);
}

TEST(SpanCutter, FilesThatEndWithTheirSpan) {
  const auto files = list_of({k_piece, k_piece, k_piece});
  const auto spans = cut(files);
  ASSERT_EQ(spans.size(), 3U);
  for (const Span& span : spans) EXPECT_EQ(span.files.size(), 1U);
  expect_whole(spans, files);
}

TEST(SpanCutter, EmptyFilesAtBordersAndAtBothEnds) {
  const auto files = list_of({0, 0, k_piece, 0, k_piece, 0, 0});
  const auto spans = cut(files);
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0].files.size(), 3U);
  EXPECT_EQ(spans[2].length, 0);
  EXPECT_EQ(spans[2].first_piece, 2U);
  EXPECT_EQ(spans[2].first_file, 5U);
  expect_whole(spans, files);
}

TEST(SpanCutter, AFileOfManySpans) {
  const auto files = list_of({100, 5 * k_piece, 3});
  const auto spans = cut(files);
  ASSERT_EQ(spans.size(), 6U);
  EXPECT_EQ(spans[3].first_file, 1U);
  EXPECT_EQ(spans[3].offset, 3 * k_piece - 100);
  EXPECT_EQ(spans[3].files.size(), 1U);
  EXPECT_EQ(spans[5].length, 103);
  expect_whole(spans, files);
}

TEST(SpanCutter, SpansAreOfAboutSixtyFourMebibytesOrSmallerForManyReaders) {
  const auto files = list_of({ByteCount{1} << 30});
  EXPECT_EQ(cut(files, 1)[0].length, ByteCount{64} << 20);
  EXPECT_EQ(cut(files, 0).size(), cut(files, 1).size());
  EXPECT_EQ(cut(files, 16)[0].length, ByteCount{16} << 20);
  EXPECT_EQ(cut(files, 1, ByteCount{128} << 20)[0].length, ByteCount{128} << 20) << "never less than a piece";
  EXPECT_EQ(cut(files, 4, ByteCount{1} << 40).size(), 1U);
}

TEST(SpanCutter, RandomLists) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<ByteCount> sizes(random() % 40);
    for (ByteCount& size : sizes) {
      const auto kind = random() % 4;
      size = kind == 0   ? 0
             : kind == 1 ? k_piece * static_cast<ByteCount>(random() % 4)
                         : static_cast<ByteCount>(random() % 60'000);
    }
    const auto files = list_of(sizes);
    expect_whole(cut(files, random() % 6), files);
    expect_whole(cut(files), files);
  }
}

}  // namespace
}  // namespace dbr::torrent
