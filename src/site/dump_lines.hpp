// SPDX-License-Identifier: MIT
// Cuts one part into batches of whole lines, with memory bounded by the longest line allowed.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dbr/site/dump.hpp"
#include "dump_source.hpp"
#include "dump_split.hpp"

namespace dbr::site {

/// Borrows the source.
class LineReader {
 public:
  /// `head` is how the source begins; read() has not been called yet.
  LineReader(ByteSource& source, std::string_view head, std::string part, const DumpSettings& settings);

  /// As Dump::next(), for this part.
  Result<bool> next(DumpBatch& batch, const StopToken& stop);

 private:
  void make_room(DumpBatch& batch);
  void split(DumpBatch& batch);
  void end_record(DumpBatch& batch, const char* end);
  void end_part(DumpBatch& batch);
  void skip_if_too_long();
  Error located(Error error) const;

  ByteSource& m_source;
  const std::string m_part;
  const std::size_t m_batch_size;
  const std::size_t m_longest;
  std::unique_ptr<Splitter> m_splitter;
  std::size_t m_mark;  ///< bytes of a byte order mark to drop first

  std::string m_tail;  ///< what the last batch left over: the beginning of a record
  /// Of the batch's text: where the record under way begins, what the splitter has seen, what is there.
  std::size_t m_begin = 0;
  std::size_t m_seen = 0;
  std::size_t m_filled = 0;
  std::size_t m_limit = 0;  ///< how far it may be filled
  ByteCount m_dropped = 0;  ///< of the record under way, because it is too long
  std::int64_t m_number = 0;
  bool m_is_at_end = false;
  std::optional<Error> m_error;
};

}  // namespace dbr::site
