// SPDX-License-Identifier: MIT
// Piece length by size. Larger pieces cost updaters nothing as long as new files come last in the list, and keep the
// metafile small; 4 to 16 MiB is also what Academic Torrents and uTorrent's 65,535-piece limit ask of big torrents.
#include "dbr/torrent/metainfo.hpp"
#include "dbr/torrent/volume_meter.hpp"

namespace dbr::torrent {

namespace {

constexpr ByteCount k_smallest = ByteCount{256} << 10;
constexpr ByteCount k_largest = ByteCount{16} << 20;
constexpr ByteCount k_wanted_pieces = 4000;

}  // namespace

ByteCount choose_piece_length(ByteCount total) {
  ByteCount length = k_smallest;
  while (length < k_largest && total / length >= k_wanted_pieces) length *= 2;
  return length;
}

ByteCount keep_piece_length(ByteCount former, ByteCount total) {
  return former != 0 && total / former < 2 * k_wanted_pieces ? former : choose_piece_length(total);
}

}  // namespace dbr::torrent
