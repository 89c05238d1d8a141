// SPDX-License-Identifier: MIT
// What an update costs those who hold older data: the pieces of a new v1 torrent that a client lacks once it has
// re-checked what is on its disk. A re-check goes by path, not by position: a piece is there when every byte it covers
// lies on disk unchanged, whatever the old torrent's order and piece length were, provided that the torrent's name is
// the same (measured with libtorrent 2.0.8, qBittorrent 4.5.2, Transmission 3.00).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// How a holder's file compares with a new torrent's.
enum class Standing {
  changed,  ///< not there, or of other bytes
  assumed,  ///< of the same path and size, and nothing more is known
  known,    ///< of the same bytes
};

/// A piece by what it is made of: a hash over its parts' paths, offsets and lengths.
using Composition = std::uint64_t;

/// What the holder of some torrents has on disk. Memory: 24 bytes a file, 16 a piece; hashes of 64 bits stand for paths
/// and pieces. Not for several threads at once.
class Holdings {
 public:
  /// The torrent that was loaded last comes first: where two of them list one path, its file is the one on disk.
  /// `publication`: the number of the one the torrent was issued with; 0 when that is not known.
  void add(const Metainfo& old, std::int64_t publication = 0);

  /// Compares a file of a new torrent, and notes that there still is one. `path` as on disk (see path_on_disk());
  /// `edition`: the publication its present bytes came with; 0 when that is not known.
  Standing look_up(std::string_view path, ByteCount size, std::int64_t edition = 0);
  /// Whether the bytes of such a piece have that SHA-1, by the old torrents' own hashes; nullopt when no old piece was
  /// made of the same parts.
  std::optional<bool> find_piece(Composition composition, std::string_view sha1) const;

  struct Totals {
    std::int64_t files = 0;
    ByteCount bytes = 0;
  };
  std::int64_t files() const { return static_cast<std::int64_t>(m_files.size()); }
  /// Files that no call of look_up() has named.
  Totals removed() const;

 private:
  struct Held {
    std::uint64_t path = 0;
    ByteCount size = 0;
    std::uint32_t torrent = 0;
    bool is_kept = false;
  };
  struct Piece {
    Composition composition = 0;
    std::uint64_t digest = 0;
  };
  Held* find(std::uint64_t path, std::size_t count);

  std::vector<Held> m_files;    // by path
  std::vector<Piece> m_pieces;  // by composition
  std::vector<std::int64_t> m_publications;
};

/// A file's path below the folder a client saves to: NAME/PATH, or just NAME when it is the torrent's only one and has
/// no folder (Metainfo::is_single_file).
std::string path_on_disk(const Metainfo& torrent, const File& file);
/// The same, of a torrent that is yet to be made.
std::string path_on_disk(std::string_view name, const File& file);

struct UpdateCost {
  ByteCount bytes = 0;
  std::int64_t pieces = 0;
  std::int64_t files = 0;        ///< with a byte in these pieces: what a client shows as incomplete
  ByteCount unavoidable = 0;     ///< of these bytes, those of files known to be new or changed: the rest is overhead
  std::int64_t assumed = 0;      ///< files with a byte in pieces that are taken for present on path and size alone
  ByteCount total_bytes = 0;     ///< of the whole torrent
  std::int64_t total_files = 0;  ///< the same

  UpdateCost& operator+=(const UpdateCost& other);
};

/// Counts one new torrent, whose files are given in its order. Memory stays flat.
class UpdateCounter {
 public:
  /// `is_there` is asked of each piece, by its number; nullopt leaves it to the files' standing.
  using IsThere = std::function<std::optional<bool>(std::size_t piece, Composition composition)>;
  UpdateCounter(ByteCount piece_length, IsThere is_there);

  /// `path` as on disk.
  void add(std::string_view path, ByteCount size, Standing standing);
  /// The last piece may be shorter.
  UpdateCost finish();

 private:
  void end_piece();

  ByteCount m_piece_length;
  IsThere m_is_there;
  UpdateCost m_cost;
  std::size_t m_piece = 0;
  Composition m_composition = 0;
  ByteCount m_length = 0;          // of the piece, so far
  ByteCount m_changed = 0;         // of these, bytes of changed files
  std::int64_t m_parts = 0;        // files in the piece
  std::int64_t m_uncounted = 0;    // of these, not in m_cost.files yet
  std::int64_t m_unassumed = 0;    // of these, assumed and not in m_cost.assumed yet
  bool m_is_file_fetched = false;  // the last file is in m_cost.files
  bool m_is_file_assumed = false;  // the last file is in m_cost.assumed
};

}  // namespace dbr::torrent
