// SPDX-License-Identifier: MIT
// How large a torrent may be, and how large it gets.
#pragma once

#include <cstdint>
#include <limits>

#include "dbr/base/ids.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// What clients load at the defaults of their libraries: libtorrent up to 2.0.11 refuses metafiles above 10,000,000
/// bytes (measured on 2.0.8: some 218,000 files).
struct VolumeLimits {
  std::int64_t files = 200'000;
  ByteCount metafile = 9'500'000;  ///< bytes
};
inline constexpr VolumeLimits k_no_limits{std::numeric_limits<std::int64_t>::max(),
                                          std::numeric_limits<ByteCount>::max()};

/// The piece length of a torrent that grows: `former` (0: none yet) as long as that does not make too many pieces,
/// since the hashes of all pieces depend on it; choose_piece_length() otherwise.
ByteCount keep_piece_length(ByteCount former, ByteCount total);

/// Counts a list as it grows.
class VolumeMeter {
 public:
  /// `fixed_piece_length`: 0 when it follows the size, from `former_piece_length` on. `frame`: bytes of the metafile
  /// that neither files nor pieces take.
  VolumeMeter(ByteCount fixed_piece_length, ByteCount former_piece_length, ByteCount frame)
      : m_fixed(fixed_piece_length), m_former(former_piece_length), m_frame(frame) {}

  void add(const File& file);
  /// Whether it keeps to the limits with one file more; the first one always fits.
  bool has_room_for(const File& file, const VolumeLimits& limits) const;

  std::int64_t files() const { return m_files; }
  ByteCount bytes() const { return m_bytes; }
  ByteCount piece_length() const;
  /// At most so many bytes.
  ByteCount metafile() const;

 private:
  ByteCount m_fixed;
  ByteCount m_former;
  ByteCount m_frame;
  std::int64_t m_files = 0;
  ByteCount m_bytes = 0;
  ByteCount m_entries = 0;
};

}  // namespace dbr::torrent
