// SPDX-License-Identifier: MIT
// Bytes to be pulled: from a file, from memory, from a transfer or out of an archive, one stacked on the other.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dbr/async/stop.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/result.hpp"

namespace dbr::site {

/// One thread at a time. Errors of kind corrupt are causes only ("it is cut short"): who knows the name adds it.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// At least one byte, or none at the end. After that, or an Error, it is not to be called again.
  virtual Result<std::size_t> read(std::span<char> into, const StopToken& stop) = 0;
};

class FileSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<ByteSource>> open(const std::string& path);
  FileSource(Fd fd, std::string path) : m_fd(std::move(fd)), m_path(std::move(path)) {}
  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override;

 private:
  Fd m_fd;
  std::string m_path;
};

/// Borrows the bytes.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : m_bytes(bytes) {}
  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override;

 private:
  std::string_view m_bytes;
};

/// Shows how its bytes begin before they are read. May be read again at the end.
class PeekSource final : public ByteSource {
 public:
  explicit PeekSource(std::unique_ptr<ByteSource> source) : m_source(std::move(source)) {}

  /// The first 64 KiB, or all there is before the end or an Error, which read() then comes to. Call it first. An Error
  /// is one before the first byte.
  Result<std::string_view> peek(const StopToken& stop);
  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override;

 private:
  std::unique_ptr<ByteSource> m_source;
  std::string m_head;
  std::size_t m_given = 0;  ///< of m_head
  bool m_is_at_end = false;
  std::optional<Error> m_error;
};

/// The Error of a stop.
Error interrupted_reading();

}  // namespace dbr::site
