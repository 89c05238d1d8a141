// SPDX-License-Identifier: MIT
// A disk on which chosen calls fail: LD_PRELOAD=libfaulty_disk.so FAULTY_DISK='CALL@PATH@ERRNO@FROM[@COUNT];...'.
// Calls whose path contains PATH fail from the FROM-th on (counted from 1), COUNT of them or all. CALL is one of open
// create read write sync wait (sync_file_range) rename link unlink mkdir truncate lock, or `space`: then FROM is the
// number of bytes that can be written before writes fail, the last one being cut as a full disk cuts it. Each rule
// appends a line to the file FAULTY_DISK_LOG when it strikes for the first time, so that a test knows that it was
// tested.
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstdarg>
#include <map>
#include <mutex>
#include <sstream>
#include <vector>

#include "intercept.hpp"

namespace dbr::shim {
namespace {

struct Rule {
  std::string call;
  std::string path;
  int code = EIO;
  long from = 1;
  long count = -1;
  long seen = 0;  // calls; bytes for `space`
  bool has_struck = false;
};

int code_of(const std::string& name) {
  static const std::map<std::string, int> k_codes{{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EROFS", EROFS},
                                                  {"EACCES", EACCES}, {"EPERM", EPERM},   {"EDQUOT", EDQUOT},
                                                  {"EMFILE", EMFILE}, {"ENOLCK", ENOLCK}};
  const auto found = k_codes.find(name);
  if (found == k_codes.end()) std::abort();
  return found->second;
}

std::vector<Rule> read_rules() {
  std::vector<Rule> rules;
  std::istringstream texts(setting("FAULTY_DISK"));
  for (std::string text; std::getline(texts, text, ';');) {
    std::istringstream fields(text);
    Rule rule;
    std::string code, from, count;
    std::getline(fields, rule.call, '@');
    std::getline(fields, rule.path, '@');
    std::getline(fields, code, '@');
    std::getline(fields, from, '@');
    rule.code = code_of(code);
    rule.from = std::stol(from);
    if (std::getline(fields, count)) rule.count = std::stol(count);
    rules.push_back(rule);
  }
  return rules;
}

class Rules {
 public:
  /// True, and errno is set, when the call has to fail.
  bool fails(std::string_view call, const std::string& path) {
    const std::scoped_lock lock(m_mutex);
    for (Rule& rule : m_rules) {
      if (rule.call != call || path.find(rule.path) == std::string::npos) continue;
      const long number = ++rule.seen;
      if (number < rule.from || (rule.count >= 0 && number >= rule.from + rule.count)) continue;
      strike(rule, path);
      return true;
    }
    return false;
  }

  /// How many of `size` bytes have room; -1, and errno is set, when none have.
  long room(const std::string& path, std::size_t size) {
    const std::scoped_lock lock(m_mutex);
    for (Rule& rule : m_rules) {
      if (rule.call != "space" || path.find(rule.path) == std::string::npos) continue;
      const long left = rule.from - rule.seen;
      const long taken = std::min(left, static_cast<long>(size));
      if (taken <= 0) {
        strike(rule, path);
        return -1;
      }
      rule.seen += taken;
      return taken;
    }
    return static_cast<long>(size);
  }

  bool is_empty() const { return m_rules.empty(); }

 private:
  static void strike(Rule& rule, const std::string& path) {
    if (!rule.has_struck) {
      const std::string log = setting("FAULTY_DISK_LOG");
      const auto fd = syscall(SYS_openat, AT_FDCWD, log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
      const std::string line = rule.call + " " + path + "\n";
      if (fd >= 0) {
        (void)syscall(SYS_write, fd, line.data(), line.size());
        (void)syscall(SYS_close, fd);
      }
    }
    rule.has_struck = true;
    errno = rule.code;
  }

  std::mutex m_mutex;
  std::vector<Rule> m_rules = read_rules();
};

Rules& rules() {
  static Rules* const rules = new Rules;  // never destroyed: others still write when we would be
  return *rules;
}

bool fails_at(const char* call, int directory, const char* path) {
  return !rules().is_empty() && rules().fails(call, absolute(directory, path));
}

bool fails_on(const char* call, int fd) {
  if (rules().is_empty()) return false;
  const std::string path = path_of(fd);
  return !path.empty() && rules().fails(call, path);
}

/// The bytes that may be written, or -1.
long allowed(int fd, std::size_t size) {
  if (rules().is_empty()) return static_cast<long>(size);
  const std::string path = path_of(fd);
  if (path.empty()) return static_cast<long>(size);
  return rules().fails("write", path) ? -1 : rules().room(path, size);
}

template <class Function>
int open_with(const char* name, const char* path, int flags, mode_t mode) {
  const bool creates = (flags & (O_WRONLY | O_RDWR)) != 0 && (flags & O_CREAT) != 0;
  if (fails_at(creates ? "create" : "open", AT_FDCWD, path)) return -1;
  return next<Function>(name)(path, flags, mode);
}

mode_t mode_of(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(list, unsigned)) : 0;
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
  return open_with<int(const char*, int, mode_t)>("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_with<int(const char*, int, mode_t)>("open64", path, flags, mode);
}

ssize_t read(int fd, void* out, size_t size) {
  if (fails_on("read", fd)) return -1;
  return next<decltype(read)>("read")(fd, out, size);
}
ssize_t pread(int fd, void* out, size_t size, off_t offset) {
  if (fails_on("read", fd)) return -1;
  return next<decltype(pread)>("pread")(fd, out, size, offset);
}
ssize_t pread64(int fd, void* out, size_t size, off64_t offset) {
  if (fails_on("read", fd)) return -1;
  return next<decltype(pread64)>("pread64")(fd, out, size, offset);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  const long count = size == 0 ? 0 : allowed(fd, size);
  return count < 0 ? -1 : next<decltype(write)>("write")(fd, bytes, static_cast<size_t>(count));
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  const long count = size == 0 ? 0 : allowed(fd, size);
  return count < 0 ? -1 : next<decltype(pwrite)>("pwrite")(fd, bytes, static_cast<size_t>(count), offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  const long count = size == 0 ? 0 : allowed(fd, size);
  return count < 0 ? -1 : next<decltype(pwrite64)>("pwrite64")(fd, bytes, static_cast<size_t>(count), offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  // The first part alone: a short write, which callers of writev have to expect.
  if (count <= 0 || path_of(fd).empty()) return next<decltype(writev)>("writev")(fd, parts, count);
  return write(fd, parts[0].iov_base, parts[0].iov_len);
}

int fsync(int fd) {
  return fails_on("sync", fd) ? -1 : next<decltype(fsync)>("fsync")(fd);
}
int fdatasync(int fd) {
  return fails_on("sync", fd) ? -1 : next<decltype(fdatasync)>("fdatasync")(fd);
}
int syncfs(int fd) noexcept {
  return fails_on("sync", fd) ? -1 : next<int(int)>("syncfs")(fd);
}
int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags) {
  return fails_on("wait", fd) ? -1 : next<decltype(sync_file_range)>("sync_file_range")(fd, offset, size, flags);
}
int ftruncate(int fd, off_t size) noexcept {
  return fails_on("truncate", fd) ? -1 : next<int(int, off_t)>("ftruncate")(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  return fails_on("truncate", fd) ? -1 : next<int(int, off64_t)>("ftruncate64")(fd, size);
}
int flock(int fd, int operation) noexcept {
  return fails_on("lock", fd) ? -1 : next<int(int, int)>("flock")(fd, operation);
}
int rename(const char* from, const char* to) noexcept {
  return fails_at("rename", AT_FDCWD, to) ? -1 : next<int(const char*, const char*)>("rename")(from, to);
}
int link(const char* from, const char* to) noexcept {
  return fails_at("link", AT_FDCWD, to) ? -1 : next<int(const char*, const char*)>("link")(from, to);
}
int unlink(const char* path) noexcept {
  return fails_at("unlink", AT_FDCWD, path) ? -1 : next<int(const char*)>("unlink")(path);
}
int mkdir(const char* path, mode_t mode) noexcept {
  return fails_at("mkdir", AT_FDCWD, path) ? -1 : next<int(const char*, mode_t)>("mkdir")(path, mode);
}

}  // extern "C"
