// SPDX-License-Identifier: MIT
#include "dbr/torrent/file_check.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "dbr/torrent/piece_reader.hpp"
#include "file_look.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

enum class PieceState : std::uint8_t { unread, good, wrong };

class Checker {
 public:
  explicit Checker(const CheckJob& job)
      : m_job(job),
        m_files(job.torrent.files),
        m_piece_length(job.torrent.piece_length),
        m_total(total_size(job.torrent.files)),
        m_cutter(m_piece_length, m_total, job.readers),
        m_stamps(job.proven.size(), 0),
        m_states(job.proven.size(), PieceState::unread) {}

  Result<CheckCounts> run() {
    DBR_CHECK(read_pieces({.folder = m_job.folder,
                           .piece_length = m_piece_length,
                           .readers = m_job.readers,
                           .stop = m_job.stop,
                           .next = spans_of(m_files, m_cutter),
                           .prepare = [this](Span& span) { return prepare(span); },
                           .on_bad_file = [this](const Span& span, std::size_t file,
                                                 Error error) { return note_bad(span, file, std::move(error)); },
                           .take = [this](const Span& span, const auto& digests) { return take(span, digests); }}));
    return m_counts;
  }

 private:
  struct Done {
    std::size_t end_piece = 0;
    std::size_t end_file = 0;  // files before it have ended
  };

  /// Looks at the span's files: a piece is wanted when they are all there and it is not known to be right.
  Result<void> prepare(Span& span) {
    std::size_t piece = span.first_piece;
    ByteCount left = std::min(m_piece_length, span.length);  // of the piece
    bool is_readable = true;
    bool is_settled = true;
    std::int64_t stamp = 0;
    const std::size_t end = span.first_piece + span.is_wanted.size();
    const auto end_piece = [&] {
      m_stamps[piece] = is_readable && is_settled ? stamp : 0;
      const bool is_known = m_stamps[piece] != 0 && m_job.proven[piece] == stamp;
      span.is_wanted[piece - span.first_piece] = is_readable && !is_known;
      ++piece;
      if (piece < end) left = std::min(m_piece_length, m_total - static_cast<ByteCount>(piece) * m_piece_length);
      is_readable = is_settled = true;
      stamp = 0;
    };
    for (std::size_t i = 0; i < span.files.size(); ++i) {
      const File& file = span.files[i];
      const FileLook look = look_at(m_job.folder, file);
      if (look.verdict != FileVerdict::ok) note(span.first_file + i, look);
      for (ByteCount at = i == 0 ? span.offset : 0; at < file.size && piece < end;) {
        const ByteCount part = std::min(left, file.size - at);
        is_readable = is_readable && look.verdict == FileVerdict::ok;
        is_settled = is_settled && look.witness != 0;
        stamp = mix_witness(stamp, look.witness);
        at += part;
        left -= part;
        if (left == 0) end_piece();
      }
    }
    return {};
  }

  Result<void> note_bad(const Span& span, std::size_t file, Error error) {
    FileLook look = look_at(m_job.folder, span.files[file]);
    if (look.verdict == FileVerdict::ok) {
      look.verdict = FileVerdict::unreadable;
      look.reason = std::move(error.message);
    }
    note(span.first_file + file, look);
    return {};
  }

  /// Of several faults of a file, one is enough.
  void note(std::size_t number, const FileLook& look) {
    const std::scoped_lock lock(m_mutex);
    m_faults.try_emplace(number, CheckedFile{number, look.verdict, look.found, look.reason});
  }

  Result<void> take(const Span& span, const std::vector<std::string>& digests) {
    for (std::size_t i = 0; i < digests.size(); ++i) {
      judge(span.first_piece + i, span.is_wanted[i], digests[i]);
      const ByteCount begin = static_cast<ByteCount>(i) * m_piece_length;
      if (!digests[i].empty()) m_counts.bytes_read += std::min(m_piece_length, span.length - begin);
    }
    // Bytes of its last file that later spans have.
    const ByteCount after = total_size(span.files) - span.offset - span.length;
    m_done[span.first_piece] = {span.first_piece + digests.size(),
                                span.first_file + span.files.size() - (after > 0 ? 1 : 0)};
    // Whatever order the spans end in, files are told in the list's.
    while (!m_done.empty() && m_done.begin()->first == m_end_piece) {
      const Done done = m_done.begin()->second;
      m_done.erase(m_done.begin());
      m_end_piece = done.end_piece;
      while (m_file < done.end_file) DBR_CHECK(tell());
    }
    return m_job.on_progress ? m_job.on_progress(span.length) : Result<void>();
  }

  void judge(std::size_t piece, bool was_wanted, std::string_view digest) {
    const bool was_known = !was_wanted && m_stamps[piece] != 0;
    const bool is_good =
        was_known || digest == std::string_view(m_job.torrent.pieces).substr(piece * k_sha1_size, k_sha1_size);
    m_states[piece] = is_good ? PieceState::good : digest.empty() ? PieceState::unread : PieceState::wrong;
    m_job.proven[piece] = is_good ? m_stamps[piece] : 0;
    if (was_known) ++m_counts.known_pieces;
    ++(is_good ? m_counts.good_pieces : digest.empty() ? m_counts.unread_pieces : m_counts.wrong_pieces);
  }

  Result<void> tell() {
    const ByteCount begin = std::exchange(m_offset, m_offset + m_files[m_file].size);
    CheckedFile checked{.number = m_file};
    {
      const std::scoped_lock lock(m_mutex);
      const auto fault = m_faults.find(m_file);
      if (fault != m_faults.end()) {
        checked = std::move(fault->second);
        m_faults.erase(fault);
      }
    }
    if (checked.verdict == FileVerdict::ok && begin < m_offset) look_into_pieces(begin, m_offset, checked);
    ++m_file;
    ++m_counts.files[static_cast<std::size_t>(checked.verdict)];
    return m_job.on_file(checked);
  }

  void look_into_pieces(ByteCount begin, ByteCount end, CheckedFile& checked) const {
    const auto first = static_cast<std::size_t>(begin / m_piece_length);
    const auto last = static_cast<std::size_t>((end - 1) / m_piece_length);
    for (std::size_t piece = first; piece <= last; ++piece) {
      if (m_states[piece] == PieceState::good) continue;
      const ByteCount piece_begin = static_cast<ByteCount>(piece) * m_piece_length;
      const bool is_alone =
          begin <= piece_begin && end - piece_begin >= std::min(m_piece_length, m_total - piece_begin);
      if (checked.verdict == FileVerdict::ok || is_alone) checked.piece = piece;
      checked.verdict = is_alone ? FileVerdict::damaged : FileVerdict::doubtful;
      if (is_alone) return;
    }
  }

  const CheckJob& m_job;
  const std::vector<File>& m_files;
  const ByteCount m_piece_length;
  const ByteCount m_total;
  SpanCutter m_cutter;
  std::vector<std::int64_t> m_stamps;  // of each piece as prepare() saw its files; 0: nothing to know it again by
  std::mutex m_mutex;
  std::map<std::size_t, CheckedFile> m_faults;  // of files not told yet
  // Of take() and what it calls, one thread at a time:
  std::vector<PieceState> m_states;
  std::map<std::size_t, Done> m_done;  // by first piece: spans behind one that is not done
  std::size_t m_end_piece = 0;         // pieces before it are done
  std::size_t m_file = 0;              // the next to be told
  ByteCount m_offset = 0;              // where it begins
  CheckCounts m_counts;
};

}  // namespace

std::string_view to_string(FileVerdict verdict) {
  constexpr std::array<std::string_view, k_file_verdicts> k_names = {
      "ok", "missing", "wrong_size", "not_a_file", "unreadable", "damaged", "doubtful"};
  return k_names[static_cast<std::size_t>(verdict)];
}

Result<CheckCounts> check_files(const CheckJob& job) {
  return Checker(job).run();
}

}  // namespace dbr::torrent
