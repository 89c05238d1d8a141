// SPDX-License-Identifier: MIT
#include "dbr/torrent/piece_reader.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <limits>
#include <mutex>
#include <span>
#include <utility>

#include "dbr/async/worker_pool.hpp"
#include "dbr/base/digest.hpp"
#include "rules.hpp"
#include "sha1_lanes.hpp"
#include "span_walk.hpp"

namespace dbr::torrent {

namespace {

// With 1 MiB, 16 readers' buffers push each other out of the cores' caches: 10 % more CPU time for files of 1.3 MB, 12
// % when they come from disk. Below 256 KiB nothing is gained (measured on 2 cores).
constexpr std::size_t k_buffer_bytes = std::size_t{256} << 10;
// Of each lane; all of a reader's fit into a core's cache.
constexpr std::size_t k_lane_bytes = std::size_t{32} << 10;
constexpr ByteCount k_sha1_block = 64;  // FIPS 180-4
// Idle lanes take as long as the others: see Sha1Lanes.
constexpr std::size_t k_fewest_together = 6;

/// What the readers share.
class Work {
 public:
  explicit Work(const PieceJob& the_job) : job(the_job) {}

  /// The next span and its number; nullopt when there is none or the job has failed.
  std::optional<std::pair<std::size_t, Span>> next() {
    const std::scoped_lock lock(m_next_mutex);
    if (m_is_at_end || !may_go_on()) return std::nullopt;
    auto span = job.next();
    if (!span) {
      record(m_given, std::move(span).error());
      return std::nullopt;
    }
    m_is_at_end = !*span;
    if (m_is_at_end) return std::nullopt;
    return std::pair(m_given++, std::move(**span));
  }

  Result<void> take(const Span& span, const std::vector<std::string>& digests) {
    const std::scoped_lock lock(m_take_mutex);
    return job.take(span, digests);
  }

  /// Of several failures the one that comes first in the list is kept, whichever reader was faster.
  void record(std::size_t number, Error&& failure) {
    const std::scoped_lock lock(m_error_mutex);
    if (number >= m_failed.load()) return;
    m_failed.store(number);
    m_error = std::move(failure);
  }

  /// Spans before a failed one are finished regardless.
  bool may_go_on(std::size_t number = std::numeric_limits<std::size_t>::max() - 1) {
    if (job.stop.is_stopping()) m_is_cancelled.store(true);
    return !m_is_cancelled.load() && number < m_failed.load();
  }

  Result<void> outcome() {
    if (m_is_cancelled) return fail_interrupted();
    if (m_error) return fail(*std::move(m_error));
    return {};
  }

  const PieceJob& job;

 private:
  std::mutex m_next_mutex;
  std::size_t m_given = 0;
  bool m_is_at_end = false;
  std::mutex m_take_mutex;
  std::mutex m_error_mutex;
  std::optional<Error> m_error;
  std::atomic<std::size_t> m_failed = std::numeric_limits<std::size_t>::max();
  std::atomic<bool> m_is_cancelled = false;
};

/// How many pieces a reader can hash at once; 0: only one after the other.
std::size_t count_lanes(const PieceJob& job) {
  const std::size_t lanes = Sha1Lanes::count();
  // Each lane of each reader has a file open; half of what the process may have is for others.
  rlimit limit{};
  const bool has_room =
      ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && job.readers * lanes <= static_cast<std::size_t>(limit.rlim_cur / 2);
  return has_room && job.piece_length % k_sha1_block == 0 ? lanes : 0;
}

class SpanReader {
 public:
  SpanReader(Work& work, std::size_t number, const Span& span, std::size_t lanes, std::string& buffer)
      : m_job(work.job),
        m_span(span),
        m_may_go_on([&work, number] { return work.may_go_on(number); }),
        m_places(piece_places(span, m_job.piece_length)),
        m_digests(span.is_wanted.size()),
        m_lane_count(lanes),
        m_buffer(buffer) {
    if (lanes > 0) m_lanes.emplace();
    for (std::size_t i = 0; i < std::max<std::size_t>(lanes, 1); ++i) {
      m_walks.emplace_back(m_job, span, m_may_go_on, m_cold);
    }
  }

  /// The digests, as PieceJob::take gets them.
  Result<std::vector<std::string>> run() {
    std::vector<std::size_t> together;
    for (std::size_t piece = 0; piece < m_digests.size(); ++piece) {
      if (m_lane_count == 0 || !m_span.is_wanted[piece] || length_of(piece) < m_job.piece_length) {
        DBR_CHECK(read_one(piece));
      } else {
        together.push_back(piece);
        if (together.size() == m_lane_count) DBR_CHECK(read_all(std::exchange(together, {})));
      }
    }
    DBR_CHECK(read_all(together));
    m_walks[0].go_to(m_places.back());
    DBR_CHECK(m_walks[0].look_at_empty());
    return std::move(m_digests);
  }

 private:
  ByteCount length_of(std::size_t piece) const {
    return std::min(m_job.piece_length, m_span.length - static_cast<ByteCount>(piece) * m_job.piece_length);
  }

  Result<void> read_one(std::size_t piece) {
    SpanWalk& walk = m_walks[0];
    walk.go_to(m_places[piece]);
    if (!m_span.is_wanted[piece]) {
      DBR_CHECK(pass(walk, false, nullptr, length_of(piece)));
      return {};
    }
    bool is_readable = true;
    for (ByteCount left = length_of(piece), part = 0; left > 0; left -= part) {
      DBR_CHECK(walk.look_at_empty());
      // By file, as far as the buffer goes: most ML forms are read by one call.
      part = is_readable ? std::min({left, walk.left_in_file(), static_cast<ByteCount>(k_buffer_bytes)}) : left;
      DBR_TRY(is_readable, pass(walk, is_readable, m_buffer.data(), part));
      if (is_readable) m_sha1.update(std::string_view(m_buffer.data(), static_cast<std::size_t>(part)));
    }
    std::string digest = m_sha1.finish();
    if (is_readable) m_digests[piece] = std::move(digest);
    return {};
  }

  /// Whole pieces. What a disk has to give is read in the order of the list; what the page cache has, as far as the
  /// pieces' first files show, in any.
  Result<void> read_all(const std::vector<std::size_t>& pieces) {
    const auto probe = static_cast<std::size_t>(std::min(static_cast<ByteCount>(k_buffer_bytes), m_job.piece_length));
    bool is_cached = pieces.size() >= k_fewest_together;
    for (std::size_t i = 0; i < pieces.size() && is_cached; ++i) {
      m_walks[i].go_to(m_places[pieces[i]]);
      DBR_TRY(is_cached, m_walks[i].is_cached({m_buffer.data(), probe}));
    }
    if (is_cached) return read_together(pieces);
    for (const std::size_t piece : pieces) DBR_CHECK(read_one(piece));
    return {};
  }

  Result<void> read_together(const std::vector<std::size_t>& pieces) {
    std::vector<char*> parts;
    for (std::size_t i = 0; i < pieces.size(); ++i) parts.push_back(m_buffer.data() + i * k_lane_bytes);
    std::vector<bool> is_readable(pieces.size(), true);
    for (ByteCount left = m_job.piece_length, part = 0; left > 0; left -= part) {
      const bool is_any = std::ranges::find(is_readable, true) != is_readable.end();
      part = is_any ? std::min(left, static_cast<ByteCount>(k_lane_bytes)) : left;
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        DBR_TRY(is_readable[i], pass(m_walks[i], is_readable[i], parts[i], part));
      }
      if (is_any) m_lanes->update(parts, static_cast<std::size_t>(part));
    }
    auto digests = m_lanes->finish();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (is_readable[i]) m_digests[pieces[i]] = std::move(digests[i]);
    }
    return {};
  }

  /// Reads the next bytes; a piece that has lost some only has its files looked at.
  Result<bool> pass(SpanWalk& walk, bool is_readable, char* into, ByteCount length) const {
    if (!m_may_go_on()) return fail_interrupted();
    if (is_readable) return walk.read({into, static_cast<std::size_t>(length)});
    DBR_CHECK(walk.look(length));
    return false;
  }

  const PieceJob& m_job;
  const Span& m_span;
  const std::function<bool()> m_may_go_on;
  const std::vector<SpanPlace> m_places;
  std::size_t m_cold = std::numeric_limits<std::size_t>::max();
  std::deque<SpanWalk> m_walks;  // one for each lane; the first reads what is read in order, too
  std::vector<std::string> m_digests;
  Digest m_sha1{DigestKind::sha1};
  std::optional<Sha1Lanes> m_lanes;
  const std::size_t m_lane_count;
  std::string& m_buffer;
};

Result<void> read_span(Work& work, std::size_t number, Span& span, std::size_t lanes, std::string& buffer) {
  if (work.job.prepare) DBR_CHECK(work.job.prepare(span));
  DBR_TRY(const auto digests, SpanReader(work, number, span, lanes, buffer).run());
  return work.take(span, digests);
}

void read_spans(Work& work) {
  const std::size_t lanes = count_lanes(work.job);
  std::string buffer(std::max(k_buffer_bytes, lanes * k_lane_bytes), '\0');
  while (auto next = work.next()) {
    auto& [number, span] = *next;
    auto done = read_span(work, number, span, lanes, buffer);
    if (!done) work.record(number, std::move(done).error());
  }
}

}  // namespace

Result<void> read_pieces(const PieceJob& job) {
  Work work(job);
  WorkerPool pool(std::max<std::size_t>(job.readers, 1), [&work](std::size_t) { read_spans(work); });
  pool.join();
  return work.outcome();
}

Result<std::string> hash_pieces(std::span<const File> files, const std::filesystem::path& folder,
                                ByteCount piece_length, std::size_t readers, const StopToken& stop) {
  const auto fault = piece_length > 0 ? find_fault(files) : "the piece length is not positive";
  if (fault) return fail(ErrorKind::internal, fmt::format("cannot hash a list of {} files: {}", files.size(), *fault));
  const ByteCount total = total_size(files);
  const std::size_t count = count_pieces(total, piece_length);
  readers = std::clamp<std::size_t>(readers, 1, std::max<std::size_t>(count, 1));
  std::string pieces(count * k_sha1_size, '\0');
  SpanCutter cutter(piece_length, total, readers);
  const auto take = [&](const Span& span, const std::vector<std::string>& digests) -> Result<void> {
    for (std::size_t i = 0; i < digests.size(); ++i) {
      std::ranges::copy(digests[i], pieces.begin() + static_cast<std::ptrdiff_t>((span.first_piece + i) * k_sha1_size));
    }
    return {};
  };
  DBR_CHECK(read_pieces({.folder = folder,
                         .piece_length = piece_length,
                         .readers = readers,
                         .stop = stop,
                         .next = spans_of(files, cutter),
                         .take = take}));
  return pieces;
}

}  // namespace dbr::torrent
