// SPDX-License-Identifier: MIT
// Goes through a span's files, one after the other, one open at a time: their bytes, or only a look at each.
#pragma once

#include <functional>
#include <span>

#include "dbr/torrent/piece_reader.hpp"
#include "listed_file.hpp"

namespace dbr::torrent {

/// Where a byte of a span lies. Empty files before it are still to come.
struct SpanPlace {
  std::size_t file = 0;  ///< in Span::files
  ByteCount offset = 0;  ///< in that file
};

/// Where each of the span's pieces begins; and where the last one ends.
std::vector<SpanPlace> piece_places(const Span& span, ByteCount piece_length);

/// Kind cancelled, in the words for it.
tl::unexpected<Error> fail_interrupted();

class SpanWalk {
 public:
  /// Begins at the span's first byte. All have to outlive it; when it may not go on, it ends with kind cancelled. The
  /// walks of a span share `cold`: a file that is_cached() did not find in the page cache.
  SpanWalk(const PieceJob& job, const Span& span, const std::function<bool()>& may_go_on, std::size_t& cold)
      : m_job(job), m_span(span), m_may_go_on(may_go_on), m_cold(cold), m_place{0, span.offset} {}

  /// The next byte is this one. A file that is open and goes on there stays so.
  void go_to(const SpanPlace& place);
  /// Of the current file, from here on.
  ByteCount left_in_file() const { return m_span.files[m_place.file].size - m_place.offset; }
  /// Whether the page cache has the next bytes, as many as `scratch` holds or the current file has; overwrites it.
  Result<bool> is_cached(std::span<char> scratch);
  /// Fills `bytes`; false when a file that they lie in is bad. Files are looked at in any case.
  Result<bool> read(std::span<char> bytes);
  /// Passes as many bytes, and looks at their files.
  Result<void> look(ByteCount length);
  /// Looks at the empty files that come next.
  Result<void> look_at_empty();

 private:
  Result<bool> pass(ByteCount length, char* into);
  Result<void> enter(bool is_to_be_read);
  Result<void> read_whole(const std::function<void(std::string_view)>& on_block);
  Result<bool> judge(Result<void> verdict);
  void leave();

  const PieceJob& m_job;
  const Span& m_span;
  const std::function<bool()>& m_may_go_on;
  std::size_t& m_cold;
  SpanPlace m_place;
  // Of the current file:
  bool m_is_entered = false;
  bool m_is_bad = false;
  ListedFile m_file;
};

}  // namespace dbr::torrent
