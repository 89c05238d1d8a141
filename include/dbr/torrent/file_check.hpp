// SPDX-License-Identifier: MIT
// Whether the files on disk are those a torrent lists, file by file. A piece proves every byte it has or none, so a
// file is right when all its pieces are; of a piece that is wrong or cannot be read, only a file that fills it alone is
// known to be the wrong one.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

enum class FileVerdict : int {
  ok,          // every piece with a byte of it is right; an empty file is there and empty
  missing,     // no such file
  wrong_size,  // its pieces were not read
  not_a_file,  // a folder, a symbolic link, a device ...
  unreadable,  // no permission, a bad disk
  damaged,     // there and of the right size, but a piece that it fills alone is wrong
  doubtful,    // not damaged, but shares a piece that is wrong, or that cannot be read for another file's fault
};
inline constexpr std::size_t k_file_verdicts = 7;
std::string_view to_string(FileVerdict verdict);  ///< "ok", "missing", "wrong_size" ...

struct CheckedFile {
  std::size_t number = 0;  ///< in the torrent's list
  FileVerdict verdict = FileVerdict::ok;
  ByteCount found = 0;      ///< wrong_size: how many bytes it has
  std::string reason = {};  ///< unreadable: why; not printable as it is
  std::size_t piece = 0;    ///< damaged, doubtful: the first such piece
};

struct CheckCounts {
  std::array<std::int64_t, k_file_verdicts> files = {};  ///< by FileVerdict
  std::int64_t good_pieces = 0;
  std::int64_t known_pieces = 0;  ///< of the good ones, those an earlier run had found good
  std::int64_t wrong_pieces = 0;
  std::int64_t unread_pieces = 0;
  ByteCount bytes_read = 0;

  std::int64_t of(FileVerdict verdict) const { return files[static_cast<std::size_t>(verdict)]; }
};

struct CheckJob {
  const Metainfo& torrent;
  std::filesystem::path folder;  ///< that the list's paths are relative to; nothing is written there
  std::size_t readers = 1;
  StopToken stop;
  /// Stamps of the pieces found right (proven_pieces.hpp): what an earlier run has found goes in, and is taken as right
  /// where all of a piece's files are as they were then; what this one finds comes out.
  std::span<std::int64_t> proven;
  /// Every file, in the list's order, as soon as it can be judged. By one thread at a time, like the next one.
  std::function<Result<void>(const CheckedFile&)> on_file;
  /// May be empty. After each run of pieces, of so many bytes; `proven` may be read meanwhile.
  std::function<Result<void>(ByteCount bytes)> on_progress = {};
};

/// Kind cancelled when stopped (drain level); else the counts, whatever the verdicts. Memory: a few bytes a file.
Result<CheckCounts> check_files(const CheckJob& job);

}  // namespace dbr::torrent
