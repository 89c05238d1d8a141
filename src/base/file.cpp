// SPDX-License-Identifier: MIT
#include "dbr/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace dbr {

Fd::Fd(Fd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close();
    m_fd = std::exchange(other.m_fd, -1);
  }
  return *this;
}

Fd::~Fd() {
  close();
}

void Fd::close() {
  if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
}

Result<Fd> open_file(const std::filesystem::path& path, int flags, unsigned mode) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) {
    const int cause = errno;
    if (cause == ENOENT && (flags & O_CREAT) == 0) {
      return fail(ErrorKind::not_found, fmt::format("cannot open {}: no such file", path.string()));
    }
    return fail(error_from_errno(cause, (flags & O_CREAT) != 0 ? "create" : "open", path.string()));
  }
  return fd;
}

Result<void> write_all(const Fd& fd, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(error_from_errno(errno, "write", path.string()));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_read_only(const std::filesystem::path& path, std::string_view bytes) {
  DBR_CHECK(remove_file(path));
  DBR_TRY(const Fd fd, open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0444));
  return write_all(fd, bytes, path);
}

namespace {

Result<void> copy_bytes(const Fd& from, const Fd& to, const std::filesystem::path& from_path,
                        const std::filesystem::path& to_path, const std::function<bool()>& may_go_on) {
  std::vector<char> block(std::size_t{1} << 20);
  for (;;) {
    if (!may_go_on()) return fail(ErrorKind::cancelled, "stopped");
    const ssize_t got = ::read(from.get(), block.data(), block.size());
    if (got == 0) return {};
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(error_from_errno(errno, "read", from_path.string()));
    }
    DBR_CHECK(write_all(to, {block.data(), static_cast<std::size_t>(got)}, to_path));
  }
}

}  // namespace

Result<void> copy_time(const Fd& from, const Fd& to, const std::filesystem::path& path) {
  struct stat facts {};
  if (::fstat(from.get(), &facts) != 0) return fail(error_from_errno(errno, "read", path.string()));
  const timespec times[] = {{0, UTIME_OMIT}, facts.st_mtim};
  if (::futimens(to.get(), times) != 0) return fail(error_from_errno(errno, "set the time of", path.string()));
  return {};
}

Result<void> copy_read_only(const std::filesystem::path& from, const std::filesystem::path& to,
                            const std::function<bool()>& may_go_on) {
  DBR_TRY(const Fd source, open_file(from, O_RDONLY));
  DBR_CHECK(remove_file(to));
  DBR_TRY(const Fd copy, open_file(to, O_WRONLY | O_CREAT | O_EXCL, 0444));
  auto copied = copy_bytes(source, copy, from, to, may_go_on);
  if (copied) copied = copy_time(source, copy, to);
  if (!copied) (void)remove_file(to);
  return copied;
}

Result<FileHead> read_head(const std::filesystem::path& path, std::size_t count) {
  DBR_TRY(const Fd fd, open_file(path, O_RDONLY));
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return fail(error_from_errno(errno, "read", path.string()));
  FileHead head{std::string(count, '\0'), facts.st_size};
  ssize_t got = 0;
  do {
    got = ::pread(fd.get(), head.bytes.data(), count, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return fail(error_from_errno(errno, "read", path.string()));
  head.bytes.resize(static_cast<std::size_t>(got));
  return head;
}

Result<ByteCount> read_blocks(const std::filesystem::path& path,
                              const std::function<void(std::span<const std::byte>)>& sink) {
  DBR_TRY(const Fd fd, open_file(path, O_RDONLY));
  std::vector<std::byte> block(std::size_t{256} << 10);
  ByteCount total = 0;
  for (;;) {
    const ssize_t got = ::read(fd.get(), block.data(), block.size());
    if (got == 0) return total;
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(error_from_errno(errno, "read", path.string()));
    }
    sink({block.data(), static_cast<std::size_t>(got)});
    total += got;
  }
}

Result<std::string> read_file(const std::filesystem::path& path, ByteCount cap) {
  DBR_TRY(const Fd fd, open_file(path, O_RDONLY));
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return fail(error_from_errno(errno, "read", path.string()));
  if (facts.st_size > cap) {
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: {} bytes are more than the {} expected", path.string(),
                                                facts.st_size, cap));
  }
  // One byte more than the size says, so that a file that grew meanwhile is not cut silently.
  std::string bytes(static_cast<std::size_t>(facts.st_size) + 1, '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(bytes.size() + 4096);
    const ssize_t got = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(error_from_errno(errno, "read", path.string()));
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (static_cast<ByteCount>(filled) > cap) {
      return fail(ErrorKind::corrupt, fmt::format("cannot read {}: more than {} bytes", path.string(), cap));
    }
  }
  bytes.resize(filled);
  return bytes;
}

Result<void> make_directories(const std::filesystem::path& path) {
  if (path.empty()) return {};  // the parent of a bare name: the current directory
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(error_from_errno(error.value(), "make directory", path.string()));
  return {};
}

Result<void> sync_file(const Fd& fd, const std::filesystem::path& path) {
  if (::fsync(fd.get()) != 0) return fail(error_from_errno(errno, "sync", path.string()));
  return {};
}

Result<void> sync_directory(const std::filesystem::path& path) {
  DBR_TRY(const Fd fd, open_file(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY));
  return sync_file(fd, path);
}

Result<void> sync_file_system(const std::filesystem::path& directory) {
  DBR_TRY(const Fd fd, open_file(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY));
  if (::syncfs(fd.get()) != 0) return fail(error_from_errno(errno, "sync the file system of", directory.string()));
  return {};
}

Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail(error_from_errno(errno, "rename to", to.string()));
  return {};
}

Result<void> remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail(error_from_errno(errno, "remove", path.string()));
  return {};
}

Result<void> remove_tree(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fail(error_from_errno(error.value(), "remove", path.string()));
  return {};
}

}  // namespace dbr
