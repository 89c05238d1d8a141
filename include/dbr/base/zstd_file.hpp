// SPDX-License-Identifier: MIT
// Streaming zstd with fixed parameters, so that equal input gives equal bytes (one frame, one thread, level 19 is
// too slow for gigabytes: level 9, checksum on).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "dbr/base/result.hpp"

namespace dbr {

/// Writes one .zst file atomically. Destruction without commit() discards. One thread at a time.
class ZstdFile {
 public:
  static Result<ZstdFile> create(std::filesystem::path path);
  ZstdFile(ZstdFile&&) noexcept;
  ~ZstdFile();

  Result<void> write(std::string_view bytes);
  Result<void> commit();

 private:
  struct State;
  explicit ZstdFile(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

/// The lines of a .zst text file, without their newlines, one after the other, with flat memory. Kind corrupt when the
/// file is not zstd, is cut short, or holds a line longer than 1 MiB. One thread at a time.
class ZstdLines {
 public:
  static Result<ZstdLines> open(const std::filesystem::path& path);
  ZstdLines(ZstdLines&&) noexcept;
  ~ZstdLines();

  /// Valid until the next call; nullopt at the end.
  Result<std::optional<std::string_view>> next();

 private:
  struct State;
  explicit ZstdLines(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

/// Calls `on_line` for each of them.
Result<void> read_zstd_lines(const std::filesystem::path& path,
                             const std::function<Result<void>(std::string_view)>& on_line);

}  // namespace dbr
