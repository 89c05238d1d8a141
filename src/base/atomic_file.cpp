// SPDX-License-Identifier: MIT
#include "dbr/base/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <system_error>
#include <vector>

namespace dbr {
namespace {

// A new directory's name lives in its parent, which may be new as well.
Result<void> make_durable_directories(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> parents;
  std::error_code error;
  for (auto missing = directory; !missing.empty() && !std::filesystem::exists(missing, error);) {
    missing = missing.parent_path();
    parents.push_back(missing);
  }
  DBR_CHECK(make_directories(directory));
  for (const auto& parent : parents) DBR_CHECK(sync_directory(parent));
  return {};
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, std::filesystem::path part, Fd fd)
    : m_path(std::move(path)), m_part(std::move(part)), m_fd(std::move(fd)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_part(std::exchange(other.m_part, {})), m_fd(std::move(other.m_fd)) {}

AtomicFile::~AtomicFile() {
  if (!m_part.empty()) (void)remove_file(m_part);
}

Result<AtomicFile> AtomicFile::create(std::filesystem::path path) {
  DBR_CHECK(make_durable_directories(path.parent_path()));
  auto part = path.parent_path() / fmt::format(".{}.part", path.filename().string());
  DBR_TRY(Fd fd, open_file(part, O_WRONLY | O_CREAT | O_TRUNC));
  return AtomicFile(std::move(path), std::move(part), std::move(fd));
}

Result<void> AtomicFile::write(std::string_view bytes) {
  return write_all(m_fd, bytes, m_part);
}

Result<void> AtomicFile::commit() {
  DBR_CHECK(sync_file(m_fd, m_part));
  m_fd.close();
  DBR_CHECK(rename_file(m_part, m_path));
  m_part.clear();
  return sync_directory(m_path.parent_path());
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const auto present = read_file(path);
  if (present && *present == bytes) return {};
  DBR_TRY(AtomicFile file, AtomicFile::create(path));
  DBR_CHECK(file.write(bytes));
  return file.commit();
}

}  // namespace dbr
