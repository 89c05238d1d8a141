// SPDX-License-Identifier: MIT
#include "verify_read.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include "dbr/base/file.hpp"

namespace dbr::stages {
namespace {

constexpr std::size_t k_block = std::size_t{1} << 20;

std::string problem_of(int cause) {
  if (cause == ENOENT || cause == ENOTDIR) return "missing";
  // Ours, not the file's: it must not be taken for damage.
  const bool is_ours = cause == EACCES || cause == EPERM || cause == EMFILE || cause == ENFILE || cause == ENOMEM;
  return is_ours ? "permission" : "unreadable";
}

void note_status(const struct stat& status, ReadFacts& facts) {
  facts.size = status.st_size;
  facts.device = status.st_dev;
  facts.inode = status.st_ino;
  if (!S_ISREG(status.st_mode)) facts.problem = "unreadable";
}

// True when the beginning is in memory already. Kernels and file systems that cannot tell say no.
bool is_cached(int fd, std::vector<std::byte>& block) {
  iovec part{block.data(), 1};
  return ::preadv2(fd, &part, 1, 0, RWF_NOWAIT) == 1;
}

void read_all(int fd, DigestKind kind, bool keep_bytes, const StopToken* stop, ReadFacts& facts) {
  thread_local std::vector<std::byte> block(k_block);
  Digest digest(kind);
  const bool was_cached = is_cached(fd, block);
  if (!was_cached) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  if (keep_bytes) facts.bytes.reserve(static_cast<std::size_t>(facts.size));
  ByteCount total = 0;
  for (;;) {
    facts.is_cut = stop != nullptr && stop->is_aborting();
    if (facts.is_cut) return;
    const ssize_t got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      facts.problem = problem_of(errno);
      return;
    }
    if (got == 0) break;
    const std::span<const std::byte> bytes(block.data(), static_cast<std::size_t>(got));
    digest.update(bytes);
    if (keep_bytes) facts.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    total += got;
    if (total == facts.size) break;  // saves the call that would say so
  }
  if (!was_cached) ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  facts.size = total;
  std::ranges::copy(digest.finish(), facts.digest.begin());
}

}  // namespace

ReadFacts look_at(const std::filesystem::path& path) {
  ReadFacts facts;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    facts.problem = problem_of(errno);
  } else {
    note_status(status, facts);
  }
  return facts;
}

ReadFacts read_through(const std::filesystem::path& path, DigestKind kind, bool keep_bytes, const StopToken* stop) {
  ReadFacts facts;
  // O_NONBLOCK: a FIFO would block the open itself; it changes nothing for regular files.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    facts.problem = problem_of(errno);
    return facts;
  }
  note_status(status, facts);
  if (facts.problem.empty()) read_all(fd.get(), kind, keep_bytes, stop, facts);
  return facts;
}

}  // namespace dbr::stages
