// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>

#include "dbr/torrent/update_plan.hpp"
#include "piece_parts.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

/// The first eight bytes of a SHA-1.
std::uint64_t digest_of(std::string_view sha1) {
  std::uint64_t digest = 0;
  std::memcpy(&digest, sha1.data(), sizeof(digest));
  return digest;
}

}  // namespace

std::string path_on_disk(std::string_view name, const File& file) {
  std::string whole(name);
  return whole.append("/").append(file.path);
}

std::string path_on_disk(const Metainfo& torrent, const File& file) {
  return torrent.is_single_file ? file.path : path_on_disk(torrent.name, file);
}

void Holdings::add(const Metainfo& old, std::int64_t publication) {
  const auto torrent = static_cast<std::uint32_t>(m_publications.size());
  m_publications.push_back(publication);
  const auto later = static_cast<std::ptrdiff_t>(m_files.size());
  const auto later_pieces = static_cast<std::ptrdiff_t>(m_pieces.size());
  m_files.reserve(m_files.size() + old.files.size());
  Composition composition = 0;
  ByteCount length = 0;
  bool is_on_disk = true;  // no part of the piece was written over by a later torrent
  std::string_view digests = old.pieces;
  const auto end_piece = [&] {
    if (is_on_disk) m_pieces.push_back({composition, digest_of(digests)});
    digests.remove_prefix(k_sha1_size);
    composition = 0;
    length = 0;
    is_on_disk = true;
  };
  for (const File& file : old.files) {
    const std::uint64_t path = hash_of(path_on_disk(old, file));
    const bool is_superseded = find(path, static_cast<std::size_t>(later)) != nullptr;
    if (!is_superseded) m_files.push_back({.path = path, .size = file.size, .torrent = torrent});
    for (ByteCount offset = 0; offset < file.size;) {
      const Part part{path, offset, std::min(file.size - offset, old.piece_length - length)};
      composition = composed(composition, part);
      is_on_disk = is_on_disk && !is_superseded;
      length += part.length;
      offset += part.length;
      if (length == old.piece_length) end_piece();
    }
  }
  if (length > 0) end_piece();
  std::ranges::sort(m_files.begin() + later, m_files.end(), {}, &Held::path);
  std::ranges::inplace_merge(m_files, m_files.begin() + later, {}, &Held::path);
  std::ranges::sort(m_pieces.begin() + later_pieces, m_pieces.end(), {}, &Piece::composition);
  std::ranges::inplace_merge(m_pieces, m_pieces.begin() + later_pieces, {}, &Piece::composition);
}

/// Among the first `count`, which are in order.
Holdings::Held* Holdings::find(std::uint64_t path, std::size_t count) {
  const auto end = m_files.begin() + static_cast<std::ptrdiff_t>(count);
  const auto found = std::ranges::lower_bound(m_files.begin(), end, path, {}, &Held::path);
  return found != end && found->path == path ? &*found : nullptr;
}

Standing Holdings::look_up(std::string_view path, ByteCount size, std::int64_t edition) {
  Held* held = find(hash_of(path), m_files.size());
  if (held == nullptr) return Standing::changed;
  held->is_kept = true;
  if (held->size != size) return Standing::changed;
  const std::int64_t publication = m_publications[held->torrent];
  if (edition == 0 || publication == 0) return Standing::assumed;
  return edition <= publication ? Standing::known : Standing::changed;
}

std::optional<bool> Holdings::find_piece(Composition composition, std::string_view sha1) const {
  const auto found = std::ranges::lower_bound(m_pieces, composition, {}, &Piece::composition);
  if (found == m_pieces.end() || found->composition != composition) return std::nullopt;
  return found->digest == digest_of(sha1);
}

Holdings::Totals Holdings::removed() const {
  Totals totals;
  for (const Held& held : m_files) {
    totals.files += held.is_kept ? 0 : 1;
    totals.bytes = sum_of(totals.bytes, held.is_kept ? 0 : held.size);
  }
  return totals;
}

}  // namespace dbr::torrent
