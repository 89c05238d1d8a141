// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "dbr/torrent/piece_reader.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

constexpr ByteCount k_span_bytes = ByteCount{64} << 20;
constexpr std::size_t k_spans_per_reader = 4;  // so that no reader waits long for the last one

}  // namespace

SpanCutter::SpanCutter(ByteCount piece_length, ByteCount total, std::size_t readers) : m_piece_length(piece_length) {
  const std::size_t spans = std::max<std::size_t>(readers, 1) * k_spans_per_reader;
  const auto fair = static_cast<ByteCount>(count_pieces(total, piece_length) / spans);
  const ByteCount most = std::max(ByteCount{1}, k_span_bytes / piece_length);
  m_span_length = std::clamp(fair, ByteCount{1}, most) * piece_length;
}

void SpanCutter::add(File file) {
  m_pending += file.size;
  m_span.files.push_back(std::move(file));
}

std::optional<Span> SpanCutter::next() {
  if (m_pending < m_span_length) return std::nullopt;
  return take(m_span_length);
}

std::optional<Span> SpanCutter::finish() {
  if (m_span.files.empty()) return std::nullopt;
  return take(m_pending);
}

Span SpanCutter::take(ByteCount length) {
  Span span = std::exchange(m_span, {});
  span.length = length;
  span.is_wanted.assign(count_pieces(length, m_piece_length), true);
  m_span.first_piece = span.first_piece + span.is_wanted.size();
  m_span.first_file = span.first_file + span.files.size();
  m_pending -= length;
  // A file that goes on belongs to the next span, too.
  if (m_pending > 0) {
    m_span.files.push_back(span.files.back());
    m_span.offset = m_span.files.front().size - m_pending;
    --m_span.first_file;
  }
  return span;
}

std::function<Result<std::optional<Span>>()> spans_of(std::span<const File> files, SpanCutter& cutter) {
  return [files, &cutter, added = std::size_t{0}]() mutable -> Result<std::optional<Span>> {
    for (;;) {
      if (auto span = cutter.next()) return span;
      if (added == files.size()) return cutter.finish();
      cutter.add(files[added++]);
    }
  };
}

}  // namespace dbr::torrent
