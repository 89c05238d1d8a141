// SPDX-License-Identifier: MIT
// A file that appears under its name complete and durable, or not at all. Destruction without commit() discards.
#pragma once

#include <filesystem>
#include <string_view>

#include "dbr/base/file.hpp"

namespace dbr {

class AtomicFile {
 public:
  /// Writes beside `path` (same directory, hidden name with the suffix ".part"); makes the directory if needed.
  static Result<AtomicFile> create(std::filesystem::path path);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  Result<void> write(std::string_view bytes);
  /// Where the bytes are until commit(), for libraries that write files themselves.
  const std::filesystem::path& part_path() const { return m_part; }
  /// Syncs, renames, syncs the directory.
  Result<void> commit();

 private:
  AtomicFile(std::filesystem::path path, std::filesystem::path part, Fd fd);
  std::filesystem::path m_path;
  std::filesystem::path m_part;
  Fd m_fd;
};

/// A file that holds these bytes already is not touched.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace dbr
