// SPDX-License-Identifier: MIT
// A file of the torrent's list, opened for hashing: it must be there, be a regular file and have the listed size.
// Clients ask for less when they check what they have: symbolic links are followed, and any size will do.
#pragma once

#include <filesystem>
#include <span>

#include "dbr/base/file.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// Its witness, without opening it. Kind corrupt, naming the file, when it is missing, a symbolic link, not a regular
/// file, or of another size.
Result<std::int64_t> look_at_listed(const std::filesystem::path& folder, const File& file, bool as_clients_do);

/// Reads one file at a time. What it brought into the page cache it takes out again; what was there stays. Which of
/// them a file is, its first read decides.
class ListedFile {
 public:
  ListedFile() = default;
  ListedFile(const ListedFile&) = delete;
  ListedFile& operator=(const ListedFile&) = delete;
  ~ListedFile() { close(); }

  /// Closes the one before. The witness, or an Error, as look_at_listed().
  Result<std::int64_t> open(const std::filesystem::path& folder, const File& file, bool as_clients_do);
  bool is_open() const { return static_cast<bool>(m_fd); }
  /// Whether the page cache has as many bytes from `offset`; overwrites `buffer`. Not every file system can say, and
  /// Linux begins to read what is not there: set_cold() whatever asks again.
  bool is_cached(ByteCount offset, std::span<char> buffer) const;
  /// It was not in the page cache, whatever its first read finds.
  void set_cold() { m_is_first_read = m_was_cached = false; }
  /// Fills `buffer` from `offset`. Kind corrupt when the file has changed since it was opened.
  Result<void> read(const std::filesystem::path& folder, const File& file, ByteCount offset, std::span<char> buffer);
  void close();

 private:
  Result<void> fill(const std::filesystem::path& path, const File& file, ByteCount offset, std::span<char> buffer);

  Fd m_fd;
  std::int64_t m_witness = 0;
  bool m_is_first_read = true;
  bool m_was_cached = false;
};

}  // namespace dbr::torrent
