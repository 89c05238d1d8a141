// SPDX-License-Identifier: MIT
// What the libraries that stand between a program and its disk (LD_PRELOAD) share. They see calls that go through the
// dynamic linker: those of dbr, of libstdc++'s filesystem and of SQLite; not what glibc calls inside itself (stdio).
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace dbr::shim {

/// The function that would have been called without us.
template <class Function>
Function* next(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(found);
}

/// Where an open file is; "" for what has no path. A removed file keeps its last one.
inline std::string path_of(int fd) {
  char target[4096];
  char link[40];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto size = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target);
  if (size <= 0 || target[0] != '/') return {};
  constexpr std::string_view k_deleted = " (deleted)";
  std::string path(target, static_cast<std::size_t>(size));
  if (path.ends_with(k_deleted)) path.resize(path.size() - k_deleted.size());
  return path;
}

/// Absolute and without dots; links are not followed.
inline std::string absolute(int directory, const char* path) {
  if (path[0] == '/') return std::filesystem::path(path).lexically_normal();
  char cwd[4096] = "/";
  if (directory == AT_FDCWD) (void)syscall(SYS_getcwd, cwd, sizeof cwd);
  const std::string base = directory == AT_FDCWD ? std::string(cwd) : path_of(directory);
  std::string normal = std::filesystem::path(base + "/" + path).lexically_normal();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

inline std::string setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace dbr::shim
