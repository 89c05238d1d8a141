// SPDX-License-Identifier: MIT
// SHA-1 of every v1 piece (BEP 3). The pieces are cut into spans, which threads take in order; a thread has one file
// open and one buffer. On real disks throughput comes from many readers, so more threads than cores are welcome.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "dbr/async/worker_pool.hpp"
#include "dbr/base/digest.hpp"
#include "listed_file.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

constexpr ByteCount k_span_bytes = ByteCount{32} << 20;
constexpr std::size_t k_buffer_bytes = std::size_t{1} << 20;  // most images are read by one call
constexpr std::size_t k_spans_per_thread = 4;                 // so that no thread waits long for the last one

/// A run of pieces, and the first file with a byte in it (or an empty file at its very start).
struct Span {
  ByteCount begin = 0;
  ByteCount end = 0;
  std::size_t first_file = 0;
  ByteCount offset = 0;  // in first_file
};

/// Every file begins in exactly one span, the empty ones too: there its presence is checked.
std::vector<Span> make_spans(std::span<const File> files, ByteCount total, ByteCount span_bytes) {
  std::vector<Span> spans;
  std::size_t file = 0;
  ByteCount file_begin = 0;
  ByteCount begin = 0;
  do {
    while (file < files.size() && file_begin < begin && file_begin + files[file].size <= begin) {
      file_begin += files[file++].size;
    }
    const ByteCount end = begin + std::min(span_bytes, total - begin);
    spans.push_back({begin, end, file, begin - file_begin});
    begin = end;
  } while (begin < total);
  return spans;
}

/// State shared by the threads. Each writes only its own spans' part of `pieces`.
struct Job {
  std::span<const File> files;
  std::filesystem::path folder;
  ByteCount piece_length = 0;
  StopToken stop;
  std::vector<Span> spans = {};
  std::string pieces = {};
  std::atomic<std::size_t> next_span = 0;
  std::atomic<bool> is_cancelled = false;

  // The failure that comes first in the list, whichever thread was faster: spans before it are finished regardless.
  std::atomic<std::size_t> failed_span = std::numeric_limits<std::size_t>::max();
  std::mutex mutex = {};
  std::optional<Error> error = {};

  void record(std::size_t span, Error&& failure) {
    const std::scoped_lock lock(mutex);
    if (span >= failed_span.load()) return;
    failed_span.store(span);
    error = std::move(failure);
  }
};

class Worker {
 public:
  explicit Worker(Job& job) : m_job(job), m_sha1(DigestKind::sha1), m_buffer(k_buffer_bytes, '\0') {}

  void run() {
    for (;;) {
      const std::size_t number = m_job.next_span.fetch_add(1);
      if (number >= m_job.spans.size() || !may_go_on(number)) return;
      auto done = hash_span(number);
      if (!done) m_job.record(number, std::move(done).error());
    }
  }

 private:
  bool may_go_on(std::size_t span) {
    if (m_job.stop.is_stopping()) m_job.is_cancelled.store(true);
    return !m_job.is_cancelled.load() && span < m_job.failed_span.load();
  }

  Result<void> hash_span(std::size_t number) {
    const Span& span = m_job.spans[number];
    m_file = span.first_file;
    m_offset = span.offset;
    m_fd.close();
    for (ByteCount begin = span.begin; begin < span.end;) {
      if (!may_go_on(number)) return {};
      const ByteCount end = begin + std::min(m_job.piece_length, span.end - begin);
      DBR_CHECK(hash_bytes(end - begin));
      const std::string digest = m_sha1.finish();
      const auto piece = static_cast<std::size_t>(begin / m_job.piece_length);
      std::ranges::copy(digest, m_job.pieces.begin() + static_cast<std::ptrdiff_t>(piece * k_sha1_size));
      begin = end;
    }
    const bool is_last = number + 1 == m_job.spans.size();
    return is_last ? check_empty_tail() : Result<void>();
  }

  /// Feeds the next `count` bytes of the list to the digest; never leaves a finished file as the current one.
  Result<void> hash_bytes(ByteCount count) {
    while (count > 0) {
      DBR_CHECK(open_current());
      const File& file = m_job.files[m_file];
      const ByteCount part = std::min({count, file.size - m_offset, static_cast<ByteCount>(m_buffer.size())});
      const std::span<char> bytes(m_buffer.data(), static_cast<std::size_t>(part));
      DBR_CHECK(read_listed(m_fd, m_job.folder, file, m_offset, bytes));
      m_sha1.update(std::string_view(bytes.data(), bytes.size()));
      m_offset += part;
      count -= part;
      if (m_offset == file.size) advance();
    }
    return {};
  }

  /// Empty files after the last byte belong to no piece, but must be there.
  Result<void> check_empty_tail() {
    for (; m_file < m_job.files.size(); advance()) DBR_CHECK(open_current());
    return {};
  }

  Result<void> open_current() {
    if (m_fd) return {};
    DBR_TRY(m_fd, open_listed(m_job.folder, m_job.files[m_file]));
    return {};
  }

  void advance() {
    m_fd.close();
    ++m_file;
    m_offset = 0;
  }

  Job& m_job;
  Digest m_sha1;
  std::string m_buffer;
  std::size_t m_file = 0;
  ByteCount m_offset = 0;
  Fd m_fd;  // of m_file, when open
};

ByteCount choose_span(std::size_t pieces, ByteCount piece_length, std::size_t threads) {
  const auto fair = static_cast<ByteCount>(pieces / (threads * k_spans_per_thread));
  return std::clamp(fair, ByteCount{1}, std::max(ByteCount{1}, k_span_bytes / piece_length)) * piece_length;
}

}  // namespace

Result<std::string> hash_pieces(std::span<const File> files, const std::filesystem::path& folder,
                                ByteCount piece_length, std::size_t threads, const StopToken& stop) {
  const auto fault = piece_length > 0 ? find_fault(files) : "the piece length is not positive";
  if (fault) return fail(ErrorKind::internal, fmt::format("cannot hash a list of {} files: {}", files.size(), *fault));
  const ByteCount total = total_size(files);
  const std::size_t count = count_pieces(total, piece_length);
  threads = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1));

  Job job{.files = files, .folder = folder, .piece_length = piece_length, .stop = stop};
  job.spans = make_spans(files, total, choose_span(count, piece_length, threads));
  job.pieces.resize(count * k_sha1_size);
  WorkerPool pool(std::min(threads, job.spans.size()), [&job](std::size_t) { Worker(job).run(); });
  pool.join();
  if (job.is_cancelled) return fail(ErrorKind::cancelled, "hashing was interrupted");
  if (job.error) return fail(*std::move(job.error));
  return std::move(job.pieces);
}

}  // namespace dbr::torrent
