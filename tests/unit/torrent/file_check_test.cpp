// SPDX-License-Identifier: MIT
// Verdicts on files, against what was done to them.
#include "dbr/torrent/file_check.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "support/must.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using dbr::test::must;

constexpr ByteCount k_piece = 16384;

class FileCheckTest : public ::testing::Test {
 protected:
  void add(ByteCount size) {
    const std::string path = std::to_string(m_torrent.files.size() % 3) + "/" + std::to_string(m_torrent.files.size());
    m_scratch.write(path, bytes_of(m_torrent.files.size(), size));
    m_torrent.files.push_back({path, size});
  }

  static std::string bytes_of(std::size_t number, ByteCount size) {
    return test::make_bytes(static_cast<std::size_t>(size), static_cast<unsigned>(number));
  }

  void hash() {
    m_torrent.piece_length = k_piece;
    m_torrent.pieces = must(hash_pieces(m_torrent.files, m_scratch.path(), k_piece, 2, m_stop.token()));
    m_proven.assign(m_torrent.pieces.size() / 20, 0);
  }

  std::filesystem::path place(std::size_t number) const { return m_scratch.path() / m_torrent.files[number].path; }

  void flip(std::size_t number, ByteCount at = 0) {
    std::fstream file(place(number), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
  }

  /// Runs it, remembers the verdicts, and checks that every file is told once, in order.
  CheckCounts check(std::size_t readers = 3) {
    m_checked.clear();
    const CheckCounts counts = must(check_files({.torrent = m_torrent,
                                                 .folder = m_scratch.path(),
                                                 .readers = readers,
                                                 .stop = m_stop.token(),
                                                 .proven = m_proven,
                                                 .on_file = [this](const CheckedFile& file) -> Result<void> {
                                                   EXPECT_EQ(file.number, m_checked.size());
                                                   m_checked.push_back(file);
                                                   return {};
                                                 }}));
    EXPECT_EQ(m_checked.size(), m_torrent.files.size());
    for (std::size_t verdict = 0; verdict < k_file_verdicts; ++verdict) {
      EXPECT_EQ(counts.files[verdict],
                std::ranges::count(m_checked, static_cast<FileVerdict>(verdict), &CheckedFile::verdict));
    }
    EXPECT_EQ(counts.good_pieces + counts.wrong_pieces + counts.unread_pieces,
              static_cast<std::int64_t>(m_proven.size()));
    return counts;
  }

  /// "ok" for all but those of the list: "3:missing 4:doubtful".
  std::string bad() const {
    std::string text;
    for (const CheckedFile& file : m_checked) {
      if (file.verdict == FileVerdict::ok) continue;
      text += (text.empty() ? "" : " ") + std::to_string(file.number) + ":" + std::string(to_string(file.verdict));
    }
    return text;
  }

  test::Scratch m_scratch;
  StopSource m_stop;
  Metainfo m_torrent;
  std::vector<std::int64_t> m_proven;
  std::vector<CheckedFile> m_checked;
};

TEST_F(FileCheckTest, WholeFilesAreOk) {
  for (const ByteCount size : {0, 5000, 40'000, 16384, 0, 100, 16384 * 3, 0}) add(size);
  hash();
  for (const std::size_t readers : {1, 2, 16}) {
    m_proven.assign(m_proven.size(), 0);
    const CheckCounts counts = check(readers);
    EXPECT_EQ(bad(), "");
    EXPECT_EQ(counts.good_pieces, static_cast<std::int64_t>(m_proven.size()));
    EXPECT_EQ(counts.known_pieces, 0);
    EXPECT_EQ(counts.bytes_read, 5000 + 40'000 + 16384 * 4 + 100);
  }
}

TEST_F(FileCheckTest, WhatCanBeSeenWithoutReading) {
  for (int i = 0; i < 7; ++i) add(2 * k_piece);  // on piece borders: neighbours are not concerned
  add(0);
  add(0);
  hash();
  std::filesystem::remove(place(0));
  std::filesystem::resize_file(place(1), 5);
  std::filesystem::remove(place(2));
  std::filesystem::create_directory(place(2));
  std::filesystem::rename(place(3), m_scratch.path() / "aside");
  std::filesystem::create_symlink(m_scratch.path() / "aside", place(3));
  std::filesystem::remove(place(4));
  ASSERT_EQ(::mkfifo(place(4).c_str(), 0600), 0);
  m_scratch.write(m_torrent.files[7].path, "x");
  std::filesystem::remove(place(8));
  const CheckCounts counts = check();
  EXPECT_EQ(bad(), "0:missing 1:wrong_size 2:not_a_file 3:not_a_file 4:not_a_file 7:wrong_size 8:missing");
  EXPECT_EQ(m_checked[1].found, 5);
  EXPECT_EQ(counts.unread_pieces, 10);
  EXPECT_EQ(counts.good_pieces, 4);
}

TEST_F(FileCheckTest, AFolderThatIsMissingOrAFileMakesItsFilesMissing) {
  for (int i = 0; i < 4; ++i) add(2 * k_piece);
  hash();
  std::filesystem::remove_all(m_scratch.path() / "0");
  m_scratch.write("0", "x");
  std::filesystem::remove_all(m_scratch.path() / "1");
  check();
  EXPECT_EQ(bad(), "0:missing 1:missing 3:missing");
}

TEST_F(FileCheckTest, AWrongPieceThatOneFileFillsDamagesThatFile) {
  for (const ByteCount size : {10'000, 100'000, 10'000}) add(size);
  hash();
  flip(1, 50'000);
  check();
  EXPECT_EQ(bad(), "1:damaged");
  EXPECT_EQ(m_checked[1].piece, 3U);
}

TEST_F(FileCheckTest, AWrongPieceOfSeveralFilesMakesThemDoubtful) {
  for (const ByteCount size : {10'000, 0, 3000, 100'000, 10'000}) add(size);
  hash();
  flip(0);
  check();
  EXPECT_EQ(bad(), "0:doubtful 2:doubtful 3:doubtful");  // the empty one has no byte in it
  EXPECT_EQ(m_checked[3].piece, 0U);
  flip(3, 50'000);
  check();
  EXPECT_EQ(bad(), "0:doubtful 2:doubtful 3:damaged");
  EXPECT_EQ(m_checked[3].piece, 3U);
}

TEST_F(FileCheckTest, NeighboursOfAFileThatCannotBeReadAreDoubtful) {
  for (const ByteCount size : {10'000, 3000, 100'000, 10'000}) add(size);
  hash();
  std::filesystem::remove(place(1));
  const CheckCounts counts = check();
  EXPECT_EQ(bad(), "0:doubtful 1:missing 2:doubtful");
  EXPECT_EQ(counts.unread_pieces, 1);
}

TEST_F(FileCheckTest, TheLastPieceIsShorterAndStillFilled) {
  add(k_piece);
  add(100);
  hash();
  flip(1);
  check();
  EXPECT_EQ(bad(), "1:damaged");
}

TEST_F(FileCheckTest, WhatWasJustWrittenToIsReadAgain) {
  for (const ByteCount size : {10'000, 100'000, 50'000}) add(size);
  hash();
  std::filesystem::last_write_time(place(0), std::filesystem::file_time_type::clock::now());
  EXPECT_EQ(check().known_pieces, 0);
  EXPECT_EQ(check().known_pieces, static_cast<std::int64_t>(m_proven.size()) - 1);
  EXPECT_EQ(bad(), "");
}

TEST_F(FileCheckTest, KnownPiecesAreNotReadAgainWhileTheirFilesAreAsTheyWere) {
  for (const ByteCount size : {10'000, 100'000, 3000, 50'000}) add(size);
  hash();
  EXPECT_EQ(check().known_pieces, 0);
  const CheckCounts again = check();
  EXPECT_EQ(again.known_pieces, static_cast<std::int64_t>(m_proven.size()));
  EXPECT_EQ(again.bytes_read, 0);
  EXPECT_EQ(bad(), "");
  // A byte changed and the time put back; a file system's clock may stand still for some milliseconds.
  struct stat old {};
  ASSERT_EQ(::lstat(place(1).c_str(), &old), 0);
  struct stat now = old;
  while (now.st_ctim.tv_nsec == old.st_ctim.tv_nsec) {
    flip(1, 50'000);
    flip(1, 50'000);
    ASSERT_EQ(::lstat(place(1).c_str(), &now), 0);
  }
  flip(1, 50'000);
  const timespec times[] = {old.st_atim, old.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, place(1).c_str(), times, 0), 0);
  const CheckCounts changed = check();
  EXPECT_EQ(bad(), "1:damaged");
  EXPECT_EQ(changed.known_pieces, static_cast<std::int64_t>(m_proven.size()) - 7);
  // What was wrong is not known; nor is what cannot be seen.
  EXPECT_EQ(check().known_pieces, static_cast<std::int64_t>(m_proven.size()) - 1);
  std::filesystem::remove(place(3));
  check();
  EXPECT_EQ(bad(), "1:damaged 2:doubtful 3:missing");
}

TEST_F(FileCheckTest, WhatEarlierRunsSayIsNotBelievedWithoutTheFiles) {
  for (const ByteCount size : {10'000, 100'000, 3000}) add(size);
  hash();
  m_proven.assign(m_proven.size(), 12345);
  flip(1, 50'000);
  EXPECT_EQ(check().known_pieces, 0);
  EXPECT_EQ(bad(), "1:damaged");
}

TEST_F(FileCheckTest, RandomDamage) {
  std::mt19937 random(11);
  for (int i = 0; i < 60; ++i) add(i % 7 == 0 ? 0 : static_cast<ByteCount>(random() % 60'000));
  hash();
  for (int round = 0; round < 25; ++round) {
    // One file is damaged or gone: it, and nobody who shares no piece with it, is told.
    const std::size_t number = random() % m_torrent.files.size();
    const ByteCount size = m_torrent.files[number].size;
    const bool is_flipped = size > 0 && random() % 2 == 0;
    const auto at = size > 0 ? static_cast<ByteCount>(random() % static_cast<unsigned>(size)) : 0;
    if (is_flipped) flip(number, at);
    if (!is_flipped) std::filesystem::remove(place(number));
    m_proven.assign(m_proven.size(), 0);
    check(1 + random() % 4);
    ByteCount begin = 0;
    for (std::size_t i = 0; i < number; ++i) begin += m_torrent.files[i].size;
    const ByteCount first = (begin + (is_flipped ? at : 0)) / k_piece;
    const ByteCount last = is_flipped ? first : (begin + size - 1) / k_piece;
    ByteCount offset = 0;
    for (const CheckedFile& file : m_checked) {
      const ByteCount end = offset + m_torrent.files[file.number].size;
      const bool shares = size > 0 && end > offset && offset / k_piece <= last && (end - 1) / k_piece >= first;
      EXPECT_EQ(file.verdict != FileVerdict::ok, file.number == number || shares) << number << " " << file.number;
      if (file.number != number && shares) {
        EXPECT_EQ(file.verdict, FileVerdict::doubtful);
      }
      offset = end;
    }
    EXPECT_EQ(m_checked[number].verdict == FileVerdict::missing, !is_flipped);
    m_scratch.write(m_torrent.files[number].path, bytes_of(number, size));
  }
}

TEST_F(FileCheckTest, PiecesFarLargerThanTheFiles) {
  for (const ByteCount size : {10'000, 0, 5000}) add(size);
  m_torrent.piece_length = ByteCount{1} << 62;
  m_torrent.pieces = must(hash_pieces(m_torrent.files, m_scratch.path(), m_torrent.piece_length, 2, m_stop.token()));
  m_proven.assign(1, 0);
  check();
  EXPECT_EQ(bad(), "");
  EXPECT_EQ(check().known_pieces, 1);
  flip(2);
  check();
  EXPECT_EQ(bad(), "0:doubtful 2:doubtful");
}

TEST_F(FileCheckTest, StopsAndGoesOn) {
  for (int i = 0; i < 50; ++i) add(20'000);
  hash();
  StopSource stop;
  ByteCount bytes = 0;
  CheckJob job{.torrent = m_torrent,
               .folder = m_scratch.path(),
               .readers = 2,
               .stop = stop.token(),
               .proven = m_proven,
               .on_file = [](const CheckedFile&) { return Result<void>(); },
               .on_progress = [&](ByteCount more) -> Result<void> {
                 bytes += more;
                 if (bytes > 300'000) stop.request_stop(StopLevel::drain);
                 return {};
               }};
  const auto stopped = check_files(job);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  const auto known = std::ranges::count_if(m_proven, [](std::int64_t stamp) { return stamp != 0; });
  EXPECT_GT(known, 10);
  EXPECT_LT(known, 40);
  EXPECT_EQ(check().known_pieces, known);
  EXPECT_EQ(bad(), "");
}

}  // namespace
}  // namespace dbr::torrent
