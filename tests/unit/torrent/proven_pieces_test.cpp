// SPDX-License-Identifier: MIT
#include "dbr/torrent/proven_pieces.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::torrent {
namespace {

using dbr::test::must;

class ProvenPiecesTest : public ::testing::Test {
 protected:
  ProvenPiecesTest() { must(save_proven(m_path, "what", m_stamps)); }

  dbr::test::Scratch m_scratch;
  const std::filesystem::path m_path = m_scratch / "made" / "file";
  const std::vector<std::int64_t> m_stamps = {1, -1, 0, std::int64_t{1} << 62, -4321};
  const std::vector<std::int64_t> m_nothing = {0, 0, 0, 0, 0};
};

TEST_F(ProvenPiecesTest, ComeBack) {
  EXPECT_EQ(load_proven(m_path, "what", 5), m_stamps);
}

TEST_F(ProvenPiecesTest, OfSomethingElseAreNone) {
  EXPECT_EQ(load_proven(m_path, "another", 5), m_nothing);
  EXPECT_EQ(load_proven(m_path, "what", 4), std::vector<std::int64_t>(4));
  EXPECT_EQ(load_proven(m_path, "what", 6), std::vector<std::int64_t>(6));
  EXPECT_EQ(load_proven(m_scratch / "none", "what", 5), m_nothing);
}

TEST_F(ProvenPiecesTest, CutOrAlteredAreNone) {
  const std::string bytes = dbr::test::read_bytes(m_path);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    dbr::test::write_bytes(m_path, bytes.substr(0, i));
    EXPECT_EQ(load_proven(m_path, "what", 5), m_nothing) << i;
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    dbr::test::write_bytes(m_path, altered);
    EXPECT_EQ(load_proven(m_path, "what", 5), m_nothing) << i;
  }
  dbr::test::write_bytes(m_path, bytes + "x");
  EXPECT_EQ(load_proven(m_path, "what", 5), m_nothing);
}

TEST_F(ProvenPiecesTest, WhatIsNoFileIsNone) {
  std::filesystem::remove(m_path);
  ASSERT_EQ(::mkfifo(m_path.c_str(), 0600), 0);
  EXPECT_EQ(load_proven(m_path, "what", 5), m_nothing);
  EXPECT_EQ(load_proven(m_path.parent_path(), "what", 5), m_nothing);
}

}  // namespace
}  // namespace dbr::torrent
