// SPDX-License-Identifier: MIT
// One writer per dataset: an advisory lock that ends with the process, holding who has it.
#pragma once

#include <filesystem>
#include <string_view>

#include "dbr/base/file.hpp"

namespace dbr {

class FileLock {
 public:
  /// Takes the lock or fails with kind `locked`, naming the holder (command, process number, since when).
  static Result<FileLock> acquire(const std::filesystem::path& path, std::string_view command);

 private:
  explicit FileLock(Fd fd) : m_fd(std::move(fd)) {}
  Fd m_fd;
};

}  // namespace dbr
