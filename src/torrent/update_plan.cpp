// SPDX-License-Identifier: MIT
#include "dbr/torrent/update_plan.hpp"

#include <utility>

#include "piece_parts.hpp"

namespace dbr::torrent {

UpdateCost& UpdateCost::operator+=(const UpdateCost& other) {
  bytes = sum_of(bytes, other.bytes);
  pieces += other.pieces;
  files += other.files;
  unavoidable = sum_of(unavoidable, other.unavoidable);
  assumed += other.assumed;
  total_bytes = sum_of(total_bytes, other.total_bytes);
  total_files += other.total_files;
  return *this;
}

UpdateCounter::UpdateCounter(ByteCount piece_length, IsThere is_there)
    : m_piece_length(piece_length), m_is_there(std::move(is_there)) {}

void UpdateCounter::add(std::string_view path, ByteCount size, Standing standing) {
  ++m_cost.total_files;
  m_cost.total_bytes += size;
  m_is_file_fetched = m_is_file_assumed = false;
  const std::uint64_t path_hash = hash_of(path);
  for (ByteCount offset = 0; offset < size;) {
    const Part part{path_hash, offset, std::min(size - offset, m_piece_length - m_length)};
    m_composition = composed(m_composition, part);
    ++m_parts;
    m_length += part.length;
    m_changed += standing == Standing::changed ? part.length : 0;
    m_uncounted += m_is_file_fetched ? 0 : 1;
    m_unassumed += standing == Standing::assumed && !m_is_file_assumed ? 1 : 0;
    offset += part.length;
    if (m_length == m_piece_length) end_piece();
  }
}

void UpdateCounter::end_piece() {
  const auto found = m_is_there(m_piece, m_composition);
  if (!found.value_or(m_changed == 0)) {
    m_cost.bytes += m_length;
    ++m_cost.pieces;
    m_cost.files += m_uncounted;
    m_is_file_fetched = true;
    // A piece of one file only that is not as it was: whatever the path and the size say, the file has changed.
    m_cost.unavoidable += m_parts == 1 ? m_length : m_changed;
  } else if (!found) {
    m_cost.assumed += m_unassumed;
    m_is_file_assumed = true;
  }
  ++m_piece;
  m_composition = 0;
  m_length = m_changed = 0;
  m_parts = m_uncounted = m_unassumed = 0;
}

UpdateCost UpdateCounter::finish() {
  if (m_length > 0) end_piece();
  return m_cost;
}

}  // namespace dbr::torrent
