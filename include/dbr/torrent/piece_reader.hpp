// SPDX-License-Identifier: MIT
// Reads and hashes v1 pieces (BEP 3): SHA-1 over the concatenation of the listed files. The pieces come in spans, which
// readers take in order. On disks throughput comes from many readers, so more of them than cores are welcome; each
// reads file after file. Of what is in the page cache a reader hashes up to 16 pieces at once, where vectors are faster
// so, a span has six of them, and the process may have enough files open. What was not in the page cache before does
// not stay there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// A run of whole pieces, and the files with a byte in it. Each file begins in exactly one span, empty ones too.
struct Span {
  std::size_t first_piece = 0;
  ByteCount length = 0;         ///< in bytes; only the last span may end within a piece
  std::vector<bool> is_wanted;  ///< for each of its pieces: whether it is to be read
  std::size_t first_file = 0;   ///< number of files.front() in the torrent's list
  ByteCount offset = 0;         ///< of the span's first byte in files.front(); above 0, that file began before
  std::vector<File> files;
};

/// Cuts a list of files, given one by one, into spans; all pieces are wanted. Memory: one span.
class SpanCutter {
 public:
  /// Spans of about 64 MiB; smaller ones when `total` bytes would not keep `readers` busy.
  SpanCutter(ByteCount piece_length, ByteCount total, std::size_t readers);
  /// Only once next() has nothing more.
  void add(File file);
  /// The next whole span; nullopt when it lacks bytes.
  std::optional<Span> next();
  /// What is left after the last file; nullopt when there is nothing.
  std::optional<Span> finish();

 private:
  Span take(ByteCount length);

  ByteCount m_piece_length;
  ByteCount m_span_length;
  ByteCount m_pending = 0;  // bytes of m_span.files behind m_span.offset
  Span m_span;
};

/// The spans of a list in memory, one after the other; `files` and `cutter` have to outlive it.
std::function<Result<std::optional<Span>>()> spans_of(std::span<const File> files, SpanCutter& cutter);

/// Reads the whole of a file, block by block, for a check that has to know its bytes.
using WholeFile = std::function<Result<void>(const std::function<void(std::string_view)>& on_block)>;

struct PieceJob {
  std::filesystem::path folder;  ///< that the paths are relative to
  ByteCount piece_length = 0;
  std::size_t readers = 1;
  StopToken stop;
  /// The next span, in order; nullopt at the end. Called by one reader at a time.
  std::function<Result<std::optional<Span>>()> next;
  /// May be empty. Called with each span before a byte of it is read; may change what is wanted. Called by several
  /// readers at once.
  std::function<Result<void>(Span& span)> prepare = {};
  /// Files of another size than listed are read too, as far as their bytes go, and symbolic links to files are
  /// followed: what clients do when they re-check.
  bool as_clients_do = false;
  /// May be empty. Asked of files[file] before a byte of it is read, in every span that it has a byte in (and for an
  /// empty one in its own), at least once, when it is known to be a regular file of the listed size; `witness` as in
  /// file_witness.hpp. Called by several readers at once.
  std::function<Result<void>(const Span& span, std::size_t file, std::int64_t witness, const WholeFile& read)> check =
      {};
  /// What to do about a file that is not as listed, cannot be read, changes meanwhile, or failed the check: an Error
  /// ends the job; otherwise the pieces of this span that it has bytes of get no digest, from where it was found out.
  /// When empty, such a file ends the job. May be called more than once for a file, and by several readers at once.
  std::function<Result<void>(const Span& span, std::size_t file, Error error)> on_bad_file = {};
  /// The digests, 20 bytes for each piece; empty for one that was not wanted or could not be read. By one reader at a
  /// time, in any order.
  std::function<Result<void>(const Span& span, const std::vector<std::string>& digests)> take;
};

/// Ends with the Error of the earliest span that has one, or with kind cancelled when stopped (drain level).
Result<void> read_pieces(const PieceJob& job);

}  // namespace dbr::torrent
