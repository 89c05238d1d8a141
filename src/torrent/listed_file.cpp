// SPDX-License-Identifier: MIT
#include "listed_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace dbr::torrent {

namespace {

tl::unexpected<Error> mismatch(const std::filesystem::path& path, const File& file, std::string_view found) {
  return fail(ErrorKind::corrupt,
              fmt::format("cannot hash '{}': expected {} bytes, found {}", path.native(), file.size, found));
}

}  // namespace

Result<Fd> open_listed(const std::filesystem::path& folder, const File& file) {
  const std::filesystem::path path = folder / file.path;
  // O_NONBLOCK: a FIFO in the tree would block the open itself; it changes nothing for regular files.
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) {
    const int cause = errno;
    if (cause == ENOENT || cause == ENOTDIR) return mismatch(path, file, "no such file");
    if (cause == ELOOP) return mismatch(path, file, "a symbolic link");
    return fail(error_from_errno(cause, "open", path.native()));
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail(error_from_errno(errno, "read", path.native()));
  if (!S_ISREG(status.st_mode)) return mismatch(path, file, "something that is not a regular file");
  if (status.st_size != file.size) return mismatch(path, file, fmt::format("{} bytes", status.st_size));
  return fd;
}

Result<void> read_listed(const Fd& fd, const std::filesystem::path& folder, const File& file, ByteCount offset,
                         std::span<char> buffer) {
  while (!buffer.empty()) {
    const ssize_t count = ::pread(fd.get(), buffer.data(), buffer.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(error_from_errno(errno, "read", (folder / file.path).native()));
    if (count == 0) return mismatch(folder / file.path, file, fmt::format("{} bytes", offset));
    buffer = buffer.subspan(static_cast<std::size_t>(count));
    offset += count;
  }
  return {};
}

}  // namespace dbr::torrent
