// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_kib = 1024;
constexpr ByteCount k_mib = 1024 * k_kib;

TEST(PieceLengthTest, StaysWithinItsBounds) {
  EXPECT_EQ(choose_piece_length(0), 256 * k_kib);
  EXPECT_EQ(choose_piece_length(1), 256 * k_kib);
  EXPECT_EQ(choose_piece_length(std::numeric_limits<ByteCount>::max()), 16 * k_mib);
}

TEST(PieceLengthTest, KeepsPiecesBelowFourThousand) {
  for (ByteCount total = 1; total < 4000 * 16 * k_mib; total = total * 5 / 4 + 1) {
    const ByteCount length = choose_piece_length(total);
    EXPECT_TRUE(std::has_single_bit(static_cast<std::uint64_t>(length)));
    EXPECT_LE((total + length - 1) / length, 4000) << total;
    if (length > 256 * k_kib) {
      EXPECT_GE(total / (length / 2), 4000) << total;
    }
  }
}

}  // namespace
}  // namespace dbr::torrent
