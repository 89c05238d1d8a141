// SPDX-License-Identifier: MIT
#include "dbr/torrent/recheck.hpp"

#include <gtest/gtest.h>

#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_piece = 16384;

class RecheckTest : public ::testing::Test {
 protected:
  RecheckTest() {
    m_torrent = {.name = "danbooru", .piece_length = k_piece};
    for (unsigned i = 0; i < 40; ++i) {
      const std::string path = std::to_string(i % 3) + "/" + std::to_string(i);
      const std::string bytes = test::make_bytes(i == 7 ? 5 * k_piece : i * 1237 % 9000, i);
      m_scratch.write(path, bytes);
      m_torrent.files.push_back({path, static_cast<ByteCount>(bytes.size())});
    }
    m_torrent.pieces = hash_pieces(m_torrent.files, m_scratch.path(), k_piece, 1, m_stop.token()).value();
  }

  Recheck check(std::size_t readers = 3) {
    ByteCount read = 0;
    auto found = recheck(m_torrent, m_scratch.path(), readers, m_stop.token(), [&](ByteCount bytes) { read += bytes; });
    EXPECT_TRUE(found.has_value()) << found.error().message;
    EXPECT_GT(read, static_cast<ByteCount>(m_torrent.pieces.size() / 20 - 1) * k_piece);
    return *std::move(found);
  }

  const std::string& path(std::size_t file) { return m_torrent.files[file].path; }
  std::string read(std::size_t file) { return test::read_back(m_scratch.path() / path(file)); }

  /// Numbers of the pieces that the bytes [begin, end) of a file are in.
  std::vector<bool> all_but(std::size_t file, ByteCount begin, ByteCount end) {
    std::vector<bool> is_there(m_torrent.pieces.size() / 20, true);
    for (std::size_t i = 0; i < file; ++i) {
      begin += m_torrent.files[i].size;
      end += m_torrent.files[i].size;
    }
    for (ByteCount piece = begin / k_piece; piece * k_piece < end; ++piece) {
      is_there[static_cast<std::size_t>(piece)] = false;
    }
    return is_there;
  }

  std::vector<bool> only(std::size_t file) {
    std::vector<bool> is_changed(m_torrent.files.size());
    is_changed[file] = true;
    return is_changed;
  }

  test::Scratch m_scratch;
  StopSource m_stop;
  Metainfo m_torrent;
};

TEST_F(RecheckTest, WhatIsWholeIsThere) {
  const Recheck found = check();
  EXPECT_EQ(found.is_there, std::vector<bool>(m_torrent.pieces.size() / 20, true));
  EXPECT_EQ(found.is_changed, std::vector<bool>(m_torrent.files.size()));
}

TEST_F(RecheckTest, AMissingFileTakesItsPiecesWithIt) {
  std::filesystem::remove(m_scratch.path() / path(7));
  for (const std::size_t readers : {1, 2, 8}) {
    const Recheck found = check(readers);
    EXPECT_EQ(found.is_there, all_but(7, 0, m_torrent.files[7].size));
    EXPECT_EQ(found.is_changed, only(7));
  }
}

TEST_F(RecheckTest, OtherBytesOfTheSameSizeShowInThePieceAlone) {
  std::string bytes = read(7);
  bytes[3 * k_piece] ^= 1;
  m_scratch.write(path(7), bytes);
  const Recheck found = check();
  EXPECT_EQ(found.is_there, all_but(7, 3 * k_piece, 3 * k_piece + 1));
  EXPECT_EQ(found.is_changed, std::vector<bool>(m_torrent.files.size()));
}

TEST_F(RecheckTest, AShorterFileCountsAsFarAsItGoes) {
  m_scratch.write(path(7), read(7).substr(0, 3 * k_piece));
  const Recheck found = check();
  EXPECT_EQ(found.is_there, all_but(7, 3 * k_piece, 5 * k_piece));
  EXPECT_EQ(found.is_changed, only(7));
}

TEST_F(RecheckTest, ALongerFileIsReadAsFarAsItIsListed) {
  m_scratch.write(path(7), read(7) + "more");
  const Recheck found = check();
  EXPECT_EQ(found.is_there, std::vector<bool>(m_torrent.pieces.size() / 20, true));
  EXPECT_EQ(found.is_changed, only(7));
}

}  // namespace
}  // namespace dbr::torrent
