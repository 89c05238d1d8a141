// SPDX-License-Identifier: MIT
#include "listed_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "dbr/base/file_witness.hpp"

namespace dbr::torrent {

namespace {

tl::unexpected<Error> mismatch(const std::filesystem::path& path, const File& file, std::string_view found) {
  return fail(ErrorKind::corrupt,
              fmt::format("cannot hash '{}': expected {} bytes, found {}", path.native(), file.size, found));
}

tl::unexpected<Error> unusable(const std::filesystem::path& path, const File& file, int cause) {
  if (cause == ENOENT || cause == ENOTDIR) return mismatch(path, file, "no such file");
  if (cause == ELOOP) return mismatch(path, file, "a symbolic link");
  return fail(error_from_errno(cause, "open", path.native()));
}

Result<std::int64_t> judge(const std::filesystem::path& path, const File& file, const struct stat& status,
                           bool as_clients_do) {
  if (S_ISLNK(status.st_mode)) return unusable(path, file, ELOOP);
  if (!S_ISREG(status.st_mode)) return mismatch(path, file, "something that is not a regular file");
  if (status.st_size != file.size && !as_clients_do)
    return mismatch(path, file, fmt::format("{} bytes", status.st_size));
  return witness_of(status);
}

}  // namespace

Result<std::int64_t> look_at_listed(const std::filesystem::path& folder, const File& file, bool as_clients_do) {
  const std::filesystem::path path = folder / file.path;
  struct stat status {};
  const int followed = as_clients_do ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(AT_FDCWD, path.c_str(), &status, followed) != 0) return unusable(path, file, errno);
  return judge(path, file, status, as_clients_do);
}

Result<std::int64_t> ListedFile::open(const std::filesystem::path& folder, const File& file, bool as_clients_do) {
  close();
  const std::filesystem::path path = folder / file.path;
  // O_NONBLOCK: a FIFO in the tree would block the open itself; it changes nothing for regular files.
  const int followed = as_clients_do ? 0 : O_NOFOLLOW;
  m_fd = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | followed));
  if (!m_fd) return unusable(path, file, errno);
  m_is_first_read = true;
  struct stat status {};
  if (::fstat(m_fd.get(), &status) != 0) return fail(error_from_errno(errno, "read", path.native()));
  auto witness = judge(path, file, status, as_clients_do);
  if (!witness) {
    close();
  } else {
    m_witness = *witness;
  }
  return witness;
}

bool ListedFile::is_cached(ByteCount offset, std::span<char> buffer) const {
  // Waits for no disk.
  const iovec part = {buffer.data(), buffer.size()};
  return ::preadv2(m_fd.get(), &part, 1, offset, RWF_NOWAIT) == static_cast<ssize_t>(buffer.size());
}

Result<void> ListedFile::read(const std::filesystem::path& folder, const File& file, ByteCount offset,
                              std::span<char> buffer) {
  const std::filesystem::path path = folder / file.path;
  DBR_CHECK(fill(path, file, offset, buffer));
  struct stat status {};
  if (::fstat(m_fd.get(), &status) != 0) return fail(error_from_errno(errno, "read", path.native()));
  if (witness_of(status) == m_witness) return {};
  return fail(ErrorKind::corrupt, fmt::format("cannot hash '{}': it was changed meanwhile", path.native()));
}

Result<void> ListedFile::fill(const std::filesystem::path& path, const File& file, ByteCount offset,
                              std::span<char> buffer) {
  if (std::exchange(m_is_first_read, false)) {
    m_was_cached = is_cached(offset, buffer);
    if (m_was_cached) return {};
  }
  while (!buffer.empty()) {
    const ssize_t count = ::pread(m_fd.get(), buffer.data(), buffer.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(error_from_errno(errno, "read", path.native()));
    if (count == 0) return mismatch(path, file, fmt::format("{} bytes", offset));
    buffer = buffer.subspan(static_cast<std::size_t>(count));
    offset += count;
  }
  return {};
}

void ListedFile::close() {
  if (m_fd && !m_is_first_read && !m_was_cached) (void)::posix_fadvise(m_fd.get(), 0, 0, POSIX_FADV_DONTNEED);
  m_fd.close();
}

}  // namespace dbr::torrent
