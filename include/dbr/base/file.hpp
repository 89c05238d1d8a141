// SPDX-License-Identifier: MIT
// Files and directories with errors as values. Paths are never made here, only used.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr {

/// A file descriptor that closes itself. Move-only.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : m_fd(fd) {}
  Fd(Fd&& other) noexcept;
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();

  int get() const { return m_fd; }
  explicit operator bool() const { return m_fd >= 0; }
  void close();

 private:
  int m_fd = -1;
};

/// open(2) with O_CLOEXEC; `mode` is for O_CREAT.
Result<Fd> open_file(const std::filesystem::path& path, int flags, unsigned mode = 0644);

Result<void> write_all(const Fd& fd, std::string_view bytes, const std::filesystem::path& path);

/// Creates `path` with these bytes, mode 0444. Neither atomic nor durable: for part files (DurableBatch).
Result<void> write_read_only(const std::filesystem::path& path, std::string_view bytes);

/// Creates `to` with the bytes and the modification time of `from`, mode 0444. Neither atomic nor durable, like the one
/// above; nothing is left of it on an Error. `may_go_on` is asked between blocks; kind cancelled when it says no.
Result<void> copy_read_only(const std::filesystem::path& from, const std::filesystem::path& to,
                            const std::function<bool()>& may_go_on);
/// The modification time of `from`.
Result<void> copy_time(const Fd& from, const Fd& to, const std::filesystem::path& path);

/// The whole file; `cap` guards against surprises (kind corrupt when it is larger).
Result<std::string> read_file(const std::filesystem::path& path, ByteCount cap = ByteCount{1} << 40);

/// Its first bytes, fewer when it is shorter, and how many it has in all.
struct FileHead {
  std::string bytes;
  ByteCount file_size = 0;
};
Result<FileHead> read_head(const std::filesystem::path& path, std::size_t count);

/// Feeds the file to `sink` in blocks, in order, and returns its size. Memory stays flat.
Result<ByteCount> read_blocks(const std::filesystem::path& path,
                              const std::function<void(std::span<const std::byte>)>& sink);

Result<void> make_directories(const std::filesystem::path& path);
Result<void> sync_file(const Fd& fd, const std::filesystem::path& path);
Result<void> sync_directory(const std::filesystem::path& path);
/// All that was written to the file system `directory` is on, names included.
Result<void> sync_file_system(const std::filesystem::path& directory);
Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// Removing what is not there is success.
Result<void> remove_file(const std::filesystem::path& path);
/// A file, or a folder with all that is in it; links are not followed.
Result<void> remove_tree(const std::filesystem::path& path);

}  // namespace dbr
