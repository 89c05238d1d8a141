// SPDX-License-Identifier: MIT
#include "dbr/base/text_file.hpp"

namespace dbr {
namespace {

constexpr std::size_t k_buffer_size = 64 * 1024;

}  // namespace

Result<TextFile> TextFile::create(std::filesystem::path path) {
  DBR_TRY(AtomicFile file, AtomicFile::create(std::move(path)));
  return TextFile(std::move(file));
}

Result<void> TextFile::add_line(std::string_view line) {
  m_buffer.append(line);
  return write("\n");
}

Result<void> TextFile::write(std::string_view text) {
  m_buffer += text;
  return m_buffer.size() < k_buffer_size ? Result<void>() : flush();
}

Result<void> TextFile::commit() {
  DBR_CHECK(flush());
  return m_file.commit();
}

Result<void> TextFile::flush() {
  auto written = m_file.write(m_buffer);
  m_buffer.clear();
  return written;
}

}  // namespace dbr
