// SPDX-License-Identifier: MIT
// Dumps: rows of JSON that somebody saved, from files and from Google's public copies (contract, section 6), handed out
// as runs of whole lines. What a row means is not known here, nor whether it is JSON at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"

namespace dbr::site {

struct DumpSettings {
  std::string google_storage_url = "https://storage.googleapis.com";
  std::string bigquery_url = "https://bigquery.googleapis.com";
  /// OAuth access token, sent to the host of the URL above only, and never logged; may be empty.
  std::string google_token;
  /// The project that pays where the reader pays; may be empty.
  std::string google_project;
  std::string contact;  ///< for the User-Agent; may be empty
  /// A longer line is skipped and reported. Reading one costs up to twice this in memory, however long it is.
  ByteCount longest_line = ByteCount{64} << 20;
  /// About how much text a batch has. A line longer than this makes a longer batch.
  ByteCount batch_size = ByteCount{2} << 20;
};

/// Bytes that are not initialised and stay where they are when moved.
class DumpText {
 public:
  DumpText() = default;
  DumpText(DumpText&& other) noexcept;
  DumpText& operator=(DumpText&& other) noexcept;

  char* data() { return m_bytes.get(); }
  /// Without the spare bytes.
  std::size_t capacity() const { return m_capacity; }
  /// Makes room for `size` bytes and the spare ones; the first `used` bytes are kept.
  void reserve(std::size_t size, std::size_t used);

  /// Readable behind every line, so that simdjson may parse it where it lies. Their content is arbitrary.
  static constexpr std::size_t k_spare = 64;

 private:
  std::unique_ptr<char[]> m_bytes;  // NOLINT(modernize-avoid-c-arrays): a vector would initialise
  std::size_t m_capacity = 0;
};

struct DumpLine {
  std::int64_t number = 0;  ///< from 1 within its part; of the element, where a part is not made of lines
  std::string_view text;    ///< never empty; ends of line and blanks at the end are cut off
};

struct LongLine {
  std::int64_t number = 0;
  ByteCount length = 0;
};

/// Whole lines of one part, in order. Owns its text; may be moved to another thread, and be used again.
struct DumpBatch {
  std::string part;               ///< for people: "meta.tar: posts000.json"; without control characters
  std::vector<DumpLine> lines;    ///< views into `text`
  std::vector<LongLine> skipped;  ///< lines longer than DumpSettings::longest_line
  DumpText text;
};

/// Where lines come from. One thread at a time.
class Dump {
 public:
  virtual ~Dump() = default;

  /// Replaces what `batch` holds by what comes next: at least one line or skipped line. False at the end. An Error
  /// comes after all complete lines before it and ends the dump: corrupt (damaged or cut short: the message says
  /// where), network, throttled, remote_rejected, io, or cancelled (`stop` reached drain). Blank lines are counted, not
  /// given.
  virtual Result<bool> next(DumpBatch& batch, const StopToken& stop) = 0;

  /// When the whole was last changed where it came from, if that is known. Local files say nothing: a copy's date is
  /// not the dump's.
  virtual std::optional<Timestamp> modified() const { return std::nullopt; }
};

/// `from` is the path of a file, "gs://BUCKET/OBJECT" or "bigquery:PROJECT.DATASET.TABLE".
///
/// What a file or an object is, its content decides: text; the same as gzip, xz, zstd, bzip2 or lz4; a tar of such
/// texts in any of these, or a zip. A member of an archive that is not JSON is skipped with a warning. A text is JSON
/// Lines, or values spread over lines, or an array: then its elements are the lines. Rows of a table become what
/// BigQuery's own JSON export writes (cloud.google.com/bigquery/docs/exporting-data): INT64 as strings, no nulls.
///
/// Errors: usage (no such file or table, a directory, a name that is none), io, corrupt (not JSON, nor packed JSON),
/// config (a token that cannot be one), remote_rejected, throttled, network, cancelled.
Result<std::unique_ptr<Dump>> open_dump(std::string_view from, const DumpSettings& settings, const StopToken& stop);

}  // namespace dbr::site
