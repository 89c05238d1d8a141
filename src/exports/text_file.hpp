// SPDX-License-Identifier: MIT
// A plain text file written in large blocks, atomic as AtomicFile is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "dbr/base/atomic_file.hpp"

namespace dbr::exports {

class TextFile {
 public:
  static Result<TextFile> create(std::filesystem::path path) {
    DBR_TRY(AtomicFile file, AtomicFile::create(std::move(path)));
    return TextFile(std::move(file));
  }

  Result<void> write(std::string_view text) {
    m_block += text;
    return m_block.size() < k_block ? Result<void>() : flush();
  }
  Result<void> commit() {
    DBR_CHECK(flush());
    return m_file.commit();
  }

 private:
  static constexpr std::size_t k_block = std::size_t{256} << 10;

  explicit TextFile(AtomicFile file) : m_file(std::move(file)) {}
  Result<void> flush() {
    auto written = m_file.write(m_block);
    m_block.clear();
    return written;
  }

  AtomicFile m_file;
  std::string m_block;
};

}  // namespace dbr::exports
