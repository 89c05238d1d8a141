// SPDX-License-Identifier: MIT
// A stored JPEG in fewer bytes (image/optimize.hpp), between its download and its name.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "dbr/async/byte_budget.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr::stages {

/// Thread-safe. Files of more than 64 MiB, and pictures whose coefficients take more than 256, stay as they are; so a
/// thread holds a file, and all of them together a picture of the largest kind.
class OriginalOptimizer {
 public:
  OriginalOptimizer();

  struct Facts {
    ByteCount size = 0;
    std::string md5;
    std::string sha256;
  };
  /// Puts a file with the same picture in fewer bytes in the place of `part`, which is read-only and in nobody else's
  /// hands; it is not durable yet. Nullopt when `part` stays as it was. After an Error there may be no file.
  Result<std::optional<Facts>> optimize(const std::filesystem::path& part, ByteCount size);

 private:
  ByteBudget m_memory;
};

}  // namespace dbr::stages
