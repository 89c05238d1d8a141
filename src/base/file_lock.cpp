// SPDX-License-Identifier: MIT
#include "dbr/base/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "dbr/base/time.hpp"

namespace dbr {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, std::string_view command) {
  DBR_TRY(Fd fd, open_file(path, O_RDWR | O_CREAT));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(error_from_errno(errno, "lock", path.string()));
    const auto holder = read_file(path, 4096);
    return fail(ErrorKind::locked,
                fmt::format("cannot work on {}: it is locked by {}", path.parent_path().string(),
                            holder && !holder->empty() ? *holder : "another dbr"),
                "wait until that one ends, or stop it; status only reads and works at any time");
  }
  const std::string text = fmt::format("dbr {} (process {}, since {})", command, ::getpid(), format_timestamp(now()));
  if (::ftruncate(fd.get(), 0) != 0) return fail(error_from_errno(errno, "write", path.string()));
  DBR_CHECK(write_all(fd, text, path));
  return FileLock(std::move(fd));
}

}  // namespace dbr
