// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <thread>

#include "dbr/base/digest.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_piece = 16384;

class HashPiecesTest : public ::testing::Test {
 protected:
  void add(const std::string& path, std::size_t size) {
    const std::string bytes = test::make_bytes(size, static_cast<unsigned>(m_files.size()));
    m_scratch.write(path, bytes);
    m_files.push_back({path, static_cast<ByteCount>(size)});
    m_content += bytes;
  }

  /// Files of many sizes: empty ones, borders on and off piece borders, some larger than the read buffer.
  void add_many() {
    add("empty-first", 0);
    for (std::size_t i = 0; i < 60; ++i) {
      add(std::to_string(i % 7) + "/" + std::to_string(i), i % 5 == 4 ? 16384 : i * 1237 % 40'000);
      if (i % 9 == 0) add("empty/" + std::to_string(i), 0);
    }
    add("large", 3'000'001);
    add("tail", 12345);
    add("empty-last", 0);
  }

  std::string expected(ByteCount piece_length = k_piece) const {
    std::string pieces;
    for (std::size_t at = 0; at < m_content.size(); at += static_cast<std::size_t>(piece_length)) {
      Digest sha1(DigestKind::sha1);
      sha1.update(std::string_view(m_content).substr(at, static_cast<std::size_t>(piece_length)));
      pieces += sha1.finish();
    }
    return pieces;
  }

  Result<std::string> hash(std::size_t threads = 1, ByteCount piece_length = k_piece) {
    return hash_pieces(m_files, m_scratch.path(), piece_length, threads, m_stop.token());
  }

  void expect_corrupt(const std::string& message) {
    for (std::size_t threads = 1; threads <= 4; ++threads) {
      const auto hashed = hash(threads);
      ASSERT_FALSE(hashed.has_value());
      EXPECT_EQ(hashed.error().kind, ErrorKind::corrupt);
      EXPECT_EQ(hashed.error().message, message);
    }
  }

  std::string place(const std::string& path) const { return (m_scratch.path() / path).native(); }

  test::Scratch m_scratch;
  StopSource m_stop;
  std::vector<File> m_files;
  std::string m_content;
};

TEST_F(HashPiecesTest, ThreadsAndPieceLengthsGiveThePiecesOfTheConcatenation) {
  add_many();
  for (const ByteCount piece_length : {k_piece, 4 * k_piece, ByteCount{1} << 20, ByteCount{16} << 20}) {
    for (const std::size_t threads : {0, 1, 2, 3, 4, 33}) {
      const auto hashed = hash(threads, piece_length);
      ASSERT_TRUE(hashed.has_value()) << hashed.error().message;
      EXPECT_EQ(*hashed, expected(piece_length)) << threads << " threads, pieces of " << piece_length;
    }
  }
}

TEST_F(HashPiecesTest, FilesEndingOnPieceBorders) {
  for (int i = 0; i < 9; ++i) add(std::to_string(i), k_piece);
  for (std::size_t threads = 1; threads <= 4; ++threads) EXPECT_EQ(hash(threads).value(), expected());
}

TEST_F(HashPiecesTest, OnePieceFromManyFiles) {
  for (int i = 0; i < 500; ++i) add(std::to_string(i), 3);
  EXPECT_EQ(hash(4).value(), expected());
}

TEST_F(HashPiecesTest, OnlyEmptyFilesHaveNoPieces) {
  add("a", 0);
  add("b", 0);
  EXPECT_EQ(hash(2).value(), "");
  m_files.push_back({"c", 0});
  expect_corrupt("cannot hash '" + place("c") + "': expected 0 bytes, found no such file");
}

TEST_F(HashPiecesTest, OrderIsTheCallers) {
  add("b", 20'000);
  add("a", 20'000);
  const auto listed = hash();
  std::swap(m_files[0], m_files[1]);
  EXPECT_EQ(listed.value(), expected());
  EXPECT_NE(hash().value(), listed.value());
}

TEST_F(HashPiecesTest, NamesTheMissingFile) {
  add_many();
  std::filesystem::remove(m_scratch.path() / "5/12");
  expect_corrupt("cannot hash '" + place("5/12") + "': expected 14844 bytes, found no such file");
}

TEST_F(HashPiecesTest, NamesTheShortFileAndTheLongOne) {
  add_many();
  std::filesystem::resize_file(m_scratch.path() / "large", 2'999'999);
  expect_corrupt("cannot hash '" + place("large") + "': expected 3000001 bytes, found 2999999 bytes");
  std::filesystem::resize_file(m_scratch.path() / "large", 3'000'002);
  expect_corrupt("cannot hash '" + place("large") + "': expected 3000001 bytes, found 3000002 bytes");
}

TEST_F(HashPiecesTest, EmptyFilesAreCheckedWhereverTheyStand) {
  for (const std::string empty : {"empty-first", "empty/27", "empty-last"}) {
    m_files.clear();
    add_many();
    m_scratch.write(empty, "x");
    expect_corrupt("cannot hash '" + place(empty) + "': expected 0 bytes, found 1 bytes");
  }
}

TEST_F(HashPiecesTest, EmptyFilesBetweenSpansAreChecked) {
  // One-piece files, so that every empty one stands exactly where a span ends and the next begins.
  for (int i = 0; i < 16; ++i) {
    add(std::to_string(i), k_piece);
    add("empty" + std::to_string(i), 0);
  }
  for (int i = 0; i < 16; ++i) {
    const std::string empty = "empty" + std::to_string(i);
    m_scratch.write(empty, "x");
    expect_corrupt("cannot hash '" + place(empty) + "': expected 0 bytes, found 1 bytes");
    m_scratch.write(empty, "");
  }
}

TEST_F(HashPiecesTest, TheFirstFaultInTheListIsReported) {
  add_many();
  for (const auto* path : {"large", "tail", "2/44", "0/42"}) std::filesystem::remove(m_scratch.path() / path);
  expect_corrupt("cannot hash '" + place("0/42") + "': expected 11954 bytes, found no such file");
}

TEST_F(HashPiecesTest, RefusesWhatIsNotARegularFile) {
  add("dir/a", 10);
  add("b", 10);
  std::filesystem::remove(m_scratch.path() / "b");
  std::filesystem::create_symlink("dir/a", m_scratch.path() / "b");
  expect_corrupt("cannot hash '" + place("b") + "': expected 10 bytes, found a symbolic link");
  std::filesystem::remove(m_scratch.path() / "b");
  std::filesystem::create_directory(m_scratch.path() / "b");
  expect_corrupt("cannot hash '" + place("b") + "': expected 10 bytes, found something that is not a regular file");
  std::filesystem::remove(m_scratch.path() / "b");
  ASSERT_EQ(::mkfifo((m_scratch.path() / "b").c_str(), 0600), 0);
  expect_corrupt("cannot hash '" + place("b") + "': expected 10 bytes, found something that is not a regular file");
}

TEST_F(HashPiecesTest, StopsWhenAsked) {
  add_many();
  m_stop.request_stop(StopLevel::drain);
  for (std::size_t threads = 1; threads <= 4; ++threads) {
    const auto hashed = hash(threads);
    ASSERT_FALSE(hashed.has_value());
    EXPECT_EQ(hashed.error().kind, ErrorKind::cancelled);
  }
}

TEST_F(HashPiecesTest, AStopWhileHashingGivesAllPiecesOrNone) {
  add_many();
  for (int delay = 0; delay < 20; ++delay) {
    StopSource stop;
    std::thread stopper([&stop, delay] {
      std::this_thread::sleep_for(std::chrono::microseconds(delay * 300));
      stop.request_stop(StopLevel::drain);
    });
    const auto hashed = hash_pieces(m_files, m_scratch.path(), k_piece, 3, stop.token());
    stopper.join();
    if (hashed) {
      EXPECT_EQ(*hashed, expected());
    } else {
      EXPECT_EQ(hashed.error().kind, ErrorKind::cancelled);
    }
  }
}

TEST_F(HashPiecesTest, RefusesListsThatLeaveTheFolder) {
  for (const char* path : {"../a", "/etc/passwd", "a/../../b", ""}) {
    m_files = {{path, 1}};
    EXPECT_EQ(hash().error().kind, ErrorKind::internal);
  }
  m_files = {{"a", 1}};
  EXPECT_EQ(hash(1, 0).error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace dbr::torrent
