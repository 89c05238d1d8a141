// SPDX-License-Identifier: MIT
// A text file written piece by piece that appears complete and durable, or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "dbr/base/atomic_file.hpp"

namespace dbr {

/// Destruction without commit() discards. One thread at a time.
class TextFile {
 public:
  static Result<TextFile> create(std::filesystem::path path);

  Result<void> write(std::string_view text);
  /// `line` is without its newline.
  Result<void> add_line(std::string_view line);
  Result<void> commit();

 private:
  explicit TextFile(AtomicFile file) : m_file(std::move(file)) {}
  Result<void> flush();
  AtomicFile m_file;
  std::string m_buffer;
};

}  // namespace dbr
