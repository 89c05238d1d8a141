// SPDX-License-Identifier: MIT
// A stored JPEG in fewer bytes (image/optimize.hpp), between its download and its name.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr::stages {

/// Lets in whoever needs memory as long as there is some, in the order they came. Thread-safe.
class MemoryGate {
 public:
  explicit MemoryGate(std::int64_t bytes) : m_bytes(bytes), m_free(bytes) {}

  class Share {
   public:
    Share(MemoryGate& gate, std::int64_t bytes) : m_gate(gate), m_bytes(gate.enter(bytes)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { m_gate.leave(m_bytes); }

   private:
    MemoryGate& m_gate;
    std::int64_t m_bytes;
  };

 private:
  std::int64_t enter(std::int64_t bytes);
  void leave(std::int64_t bytes);

  const std::int64_t m_bytes;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::int64_t m_free;
  std::uint64_t m_came = 0;
  std::uint64_t m_entered = 0;
};

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
  MemoryGate m_gate;
};

}  // namespace dbr::stages
