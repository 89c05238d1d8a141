// SPDX-License-Identifier: MIT
// Writes down what a program does to the files below a directory, so that what a power cut would have left of them can
// be built afterwards (tests/e2e/power_cut.py): LD_PRELOAD=libpower_cut.so, with
//   POWER_CUT_ROOT    the directory, absolute
//   POWER_CUT_LOG     the journal, outside of it; appended to, so that several runs make one history
//   POWER_CUT_AT      kill the program with SIGKILL after so many operations; with a letter in front (m3), after so
//                     many of this kind
//   POWER_CUT_IGNORE  files, directories, all, or a part of a path (with a slash): syncs of these are not written down,
//                     as if they had been forgotten
// Operations are done and written down under one lock, so the journal's order is what happened. Syncs only go into the
// journal: nothing really waits for a disk. sync_file_range promises nothing and is not looked at. A shared mapping
// that can be written, or any other way past the journal, ends the program; SQLite's -shm files are no durable data.
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <mutex>

#include "intercept.hpp"

namespace dbr::shim {
namespace {

/// As tests/e2e/power_cut.py reads it; followed by the first and the second text.
struct Record {
  char magic[4] = {'p', 'c', 'u', 't'};
  char operation = 0;
  char padding[3] = {};
  std::uint32_t first_size = 0;
  std::uint32_t second_size = 0;
  std::uint64_t inode = 0;
  std::uint64_t number = 0;  // an offset, a size or a mode
};
static_assert(sizeof(Record) == 32);

class Journal {
 public:
  std::recursive_mutex mutex;

  bool is_below(std::string_view path) const {
    return !m_root.empty() && path.starts_with(m_root) && (path.size() == m_root.size() || path[m_root.size()] == '/');
  }
  bool ignores(bool is_directory, std::string_view path) const {
    if (m_ignored.starts_with('/')) return path.find(m_ignored) != std::string_view::npos;
    return m_ignored == "all" || m_ignored == (is_directory ? "directories" : "files");
  }

  void add(char operation, std::string_view first, std::string_view second, std::uint64_t inode,
           std::uint64_t number = 0) {
    Record record;
    record.operation = operation;
    record.first_size = static_cast<std::uint32_t>(first.size());
    record.second_size = static_cast<std::uint32_t>(second.size());
    record.inode = inode;
    record.number = number;
    if (m_fd < 0) m_fd = syscall(SYS_openat, AT_FDCWD, m_log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const iovec parts[] = {{&record, sizeof record},
                           {const_cast<char*>(first.data()), first.size()},
                           {const_cast<char*>(second.data()), second.size()}};
    const auto written = syscall(SYS_writev, m_fd, parts, 3);
    if (written != static_cast<long>(sizeof record + first.size() + second.size())) give_up("the journal", m_log);
    if (m_kind != 0 && m_kind != operation) return;
    if (++m_count == m_kill_at) (void)syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  }

  [[noreturn]] static void give_up(std::string_view what, std::string_view path) {
    const std::string text = "power_cut: cannot follow " + std::string(what) + " of " + std::string(path) + "\n";
    (void)syscall(SYS_write, 2, text.data(), text.size());
    std::abort();
  }

 private:
  std::string m_root = setting("POWER_CUT_ROOT");
  std::string m_log = setting("POWER_CUT_LOG");
  std::string m_ignored = setting("POWER_CUT_IGNORE");
  std::string m_at = setting("POWER_CUT_AT");
  char m_kind = !m_at.empty() && m_at[0] >= 'a' && m_at[0] <= 'z' ? m_at[0] : '\0';
  long m_kill_at = std::atol(m_at.c_str() + (m_kind == 0 ? 0 : 1));
  long m_count = 0;
  long m_fd = -1;
};

Journal& journal() {
  static Journal* const journal = new Journal;  // never destroyed: others still write when we would be
  return *journal;
}

struct stat facts_of(int fd) {
  struct stat facts {};
  (void)syscall(SYS_fstat, fd, &facts);
  return facts;
}

bool facts_at(const std::string& path, struct stat& facts) {
  return syscall(SYS_newfstatat, AT_FDCWD, path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_followed(int fd) {
  return journal().is_below(path_of(fd));
}

mode_t mode_of(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(list, unsigned)) : 0;
}

int open_at(int directory, const char* name, int flags, mode_t mode) {
  const auto really = [&] { return static_cast<int>(syscall(SYS_openat, directory, name, flags, mode)); };
  if ((flags & (O_CREAT | O_TRUNC)) == 0) return really();
  const std::string path = absolute(directory, name);
  if (!journal().is_below(path)) return really();
  if ((flags & O_TMPFILE) == O_TMPFILE) Journal::give_up("O_TMPFILE", path);
  const std::scoped_lock lock(journal().mutex);
  struct stat before {};
  const bool existed = facts_at(path, before);
  const int fd = really();
  if (fd < 0) return fd;
  const int saved = errno;
  const struct stat facts = facts_of(fd);
  if (!existed) {
    journal().add('c', path, {}, facts.st_ino, facts.st_mode & 07777U);
  } else if ((flags & O_TRUNC) != 0 && before.st_size > 0) {
    journal().add('t', path, {}, facts.st_ino, 0);
  }
  errno = saved;
  return fd;
}

/// `position` < 0: where the file's own position is.
ssize_t write_at(int fd, const void* bytes, size_t size, off_t position) {
  const auto really = [&] {
    return position < 0 ? syscall(SYS_write, fd, bytes, size) : syscall(SYS_pwrite64, fd, bytes, size, position);
  };
  if (!is_followed(fd)) return really();
  const std::scoped_lock lock(journal().mutex);
  const ssize_t written = really();
  if (written <= 0) return written;
  const int saved = errno;
  const off_t begin = position < 0 ? syscall(SYS_lseek, fd, 0, SEEK_CUR) - written : position;
  journal().add('w', {}, {static_cast<const char*>(bytes), static_cast<std::size_t>(written)}, facts_of(fd).st_ino,
                static_cast<std::uint64_t>(begin));
  errno = saved;
  return written;
}

int truncate_to(int fd, off_t size) {
  const std::scoped_lock lock(journal().mutex);
  const int result = static_cast<int>(syscall(SYS_ftruncate, fd, size));
  if (result == 0 && is_followed(fd)) {
    journal().add('t', {}, {}, facts_of(fd).st_ino, static_cast<std::uint64_t>(size));
  }
  return result;
}

int sync_one(int fd) {
  const std::string path = path_of(fd);
  if (!journal().is_below(path)) return static_cast<int>(syscall(SYS_fsync, fd));
  const std::scoped_lock lock(journal().mutex);
  const struct stat facts = facts_of(fd);
  const bool is_directory = S_ISDIR(facts.st_mode);
  if (!journal().ignores(is_directory, path)) journal().add('s', path, {}, facts.st_ino, is_directory ? 1 : 0);
  return 0;
}

int rename_at(int from_directory, const char* from_name, int to_directory, const char* to_name, unsigned flags) {
  const std::string from = absolute(from_directory, from_name), to = absolute(to_directory, to_name);
  if (journal().is_below(from) != journal().is_below(to)) Journal::give_up("a rename across the border", to);
  if (flags != 0 && journal().is_below(to)) Journal::give_up("renameat2 with flags", to);
  const std::scoped_lock lock(journal().mutex);
  const auto result = static_cast<int>(syscall(SYS_renameat2, from_directory, from_name, to_directory, to_name, flags));
  if (result == 0 && journal().is_below(to)) journal().add('r', from, to, 0);
  return result;
}

int link_at(int from_directory, const char* from_name, int to_directory, const char* to_name, int flags) {
  const std::string from = absolute(from_directory, from_name), to = absolute(to_directory, to_name);
  const std::scoped_lock lock(journal().mutex);
  const auto result = static_cast<int>(syscall(SYS_linkat, from_directory, from_name, to_directory, to_name, flags));
  if (result == 0 && journal().is_below(to)) {
    if (!journal().is_below(from)) Journal::give_up("a link across the border", to);
    journal().add('l', from, to, 0);
  }
  return result;
}

int unlink_at(int directory, const char* name, int flags) {
  const std::string path = absolute(directory, name);
  const std::scoped_lock lock(journal().mutex);
  const auto result = static_cast<int>(syscall(SYS_unlinkat, directory, name, flags));
  if (result == 0 && journal().is_below(path)) journal().add('u', path, {}, 0);
  return result;
}

int make_directory_at(int directory, const char* name, mode_t mode) {
  const std::string path = absolute(directory, name);
  const std::scoped_lock lock(journal().mutex);
  const auto result = static_cast<int>(syscall(SYS_mkdirat, directory, name, mode));
  struct stat facts {};
  if (result == 0 && journal().is_below(path) && facts_at(path, facts)) journal().add('m', path, {}, facts.st_ino);
  return result;
}

void refuse(const char* what, int fd) {
  const std::string path = path_of(fd);
  if (journal().is_below(path)) Journal::give_up(what, path);
}

void* map(const char* name, void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  const bool is_shared = fd >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0;
  if (is_shared && !path_of(fd).ends_with("-shm")) refuse("a shared mapping", fd);
  return next<void*(void*, size_t, int, int, int, off_t)>(name)(at, size, protection, flags, fd, offset);
}

FILE* open_stream(const char* name, const char* path, const char* mode) {
  if (mode[0] != 'r' || std::strchr(mode, '+') != nullptr) {
    const std::string whole = absolute(AT_FDCWD, path);
    if (journal().is_below(whole)) Journal::give_up("stdio", whole);
  }
  return next<FILE*(const char*, const char*)>(name)(path, mode);
}

}  // namespace
}  // namespace dbr::shim

using namespace dbr::shim;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int directory, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(directory, path, flags, mode);
}
int openat64(int directory, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(directory, path, flags, mode);
}
int creat(const char* path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
int creat64(const char* path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
FILE* fopen(const char* path, const char* mode) {
  return open_stream("fopen", path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  return open_stream("fopen64", path, mode);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  return write_at(fd, bytes, size, -1);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return write_at(fd, bytes, size, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return write_at(fd, bytes, size, offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  // The first part alone: a short write, which callers of writev have to expect.
  if (count <= 0 || !is_followed(fd)) return syscall(SYS_writev, fd, parts, count);
  return write_at(fd, parts[0].iov_base, parts[0].iov_len, -1);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  if (count <= 0 || !is_followed(fd)) return next<decltype(pwritev)>("pwritev")(fd, parts, count, offset);
  return write_at(fd, parts[0].iov_base, parts[0].iov_len, offset);
}
ssize_t copy_file_range(int in, off64_t* in_at, int out, off64_t* out_at, size_t size, unsigned flags) {
  refuse("copy_file_range", out);
  return syscall(SYS_copy_file_range, in, in_at, out, out_at, size, flags);
}
ssize_t sendfile(int out, int in, off_t* offset, size_t size) noexcept {
  refuse("sendfile", out);
  return syscall(SYS_sendfile, out, in, offset, size);
}
ssize_t sendfile64(int out, int in, off64_t* offset, size_t size) noexcept {
  refuse("sendfile", out);
  return syscall(SYS_sendfile, out, in, offset, size);
}
int fallocate(int fd, int mode, off_t offset, off_t size) {
  refuse("fallocate", fd);
  return static_cast<int>(syscall(SYS_fallocate, fd, mode, offset, size));
}
int posix_fallocate(int fd, off_t offset, off_t size) {
  refuse("posix_fallocate", fd);
  return next<decltype(posix_fallocate)>("posix_fallocate")(fd, offset, size);
}

int ftruncate(int fd, off_t size) noexcept {
  return truncate_to(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  return truncate_to(fd, size);
}
int truncate(const char* path, off_t size) noexcept {
  const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0));
  if (fd < 0) return -1;
  const int result = truncate_to(fd, size);
  (void)syscall(SYS_close, fd);
  return result;
}
int fchmod(int fd, mode_t mode) noexcept {
  const std::scoped_lock lock(journal().mutex);
  const int result = static_cast<int>(syscall(SYS_fchmod, fd, mode));
  if (result == 0 && is_followed(fd)) journal().add('x', {}, {}, facts_of(fd).st_ino, mode);
  return result;
}

int fsync(int fd) {
  return sync_one(fd);
}
int fdatasync(int fd) {
  return sync_one(fd);
}
int syncfs(int fd) noexcept {
  if (!is_followed(fd)) return static_cast<int>(syscall(SYS_syncfs, fd));
  const std::scoped_lock lock(journal().mutex);
  if (!journal().ignores(false, "/")) journal().add('y', {}, {}, 0);
  return 0;
}
void sync() noexcept {
  const std::scoped_lock lock(journal().mutex);
  if (!journal().ignores(false, "/")) journal().add('y', {}, {}, 0);
}

int rename(const char* from, const char* to) noexcept {
  return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return rename_at(from_directory, from, to_directory, to, 0);
}
int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) noexcept {
  return rename_at(from_directory, from, to_directory, to, flags);
}
int link(const char* from, const char* to) noexcept {
  return link_at(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int from_directory, const char* from, int to_directory, const char* to, int flags) noexcept {
  return link_at(from_directory, from, to_directory, to, flags);
}
int symlink(const char* target, const char* path) noexcept {
  const std::string whole = absolute(AT_FDCWD, path);
  if (journal().is_below(whole)) Journal::give_up("a symbolic link", whole);
  return static_cast<int>(syscall(SYS_symlinkat, target, AT_FDCWD, path));
}
int unlink(const char* path) noexcept {
  return unlink_at(AT_FDCWD, path, 0);
}
int unlinkat(int directory, const char* path, int flags) noexcept {
  return unlink_at(directory, path, flags);
}
int rmdir(const char* path) noexcept {
  return unlink_at(AT_FDCWD, path, AT_REMOVEDIR);
}
int remove(const char* path) noexcept {
  struct stat facts {};
  const bool is_directory = facts_at(absolute(AT_FDCWD, path), facts) && S_ISDIR(facts.st_mode);
  return unlink_at(AT_FDCWD, path, is_directory ? AT_REMOVEDIR : 0);
}
int mkdir(const char* path, mode_t mode) noexcept {
  return make_directory_at(AT_FDCWD, path, mode);
}
int mkdirat(int directory, const char* path, mode_t mode) noexcept {
  return make_directory_at(directory, path, mode);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  return map("mmap", at, size, protection, flags, fd, offset);
}
void* mmap64(void* at, size_t size, int protection, int flags, int fd, off64_t offset) noexcept {
  return map("mmap64", at, size, protection, flags, fd, offset);
}

}  // extern "C"
