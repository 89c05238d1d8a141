// SPDX-License-Identifier: MIT
#include "dbr/torrent/volume_meter.hpp"

#include <fmt/format.h>

#include "rules.hpp"

namespace dbr::torrent {

namespace {

// "d6:lengthi…e4:pathl…ee": as write_metainfo() spells a file.
ByteCount entry_size(const File& file) {
  std::size_t size = fmt::formatted_size("d6:lengthi{}e4:pathlee", file.size);
  for (const std::string_view part : split_path(file.path)) size += fmt::formatted_size("{}:{}", part.size(), part);
  return static_cast<ByteCount>(size);
}

}  // namespace

void VolumeMeter::add(const File& file) {
  ++m_files;
  m_bytes += file.size;
  m_entries += entry_size(file);
}

bool VolumeMeter::has_room_for(const File& file, const VolumeLimits& limits) const {
  if (m_files == 0) return true;
  VolumeMeter grown = *this;
  grown.add(file);
  return grown.m_files <= limits.files && grown.metafile() <= limits.metafile;
}

ByteCount VolumeMeter::piece_length() const {
  return m_fixed != 0 ? m_fixed : keep_piece_length(m_former, m_bytes);
}

ByteCount VolumeMeter::metafile() const {
  return m_frame + m_entries + static_cast<ByteCount>(count_pieces(m_bytes, piece_length()) * k_sha1_size);
}

}  // namespace dbr::torrent
