// SPDX-License-Identifier: MIT
#include "dump_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "dbr/base/units.hpp"

namespace dbr::site {
namespace {

/// Split while it is still in the cache.
constexpr std::size_t k_read = std::size_t{256} << 10;
constexpr std::size_t k_smallest_batch = 64;

std::string_view trim_end(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

DumpText::DumpText(DumpText&& other) noexcept
    : m_bytes(std::move(other.m_bytes)), m_capacity(std::exchange(other.m_capacity, 0)) {}

DumpText& DumpText::operator=(DumpText&& other) noexcept {
  m_bytes = std::move(other.m_bytes);
  m_capacity = std::exchange(other.m_capacity, 0);
  return *this;
}

void DumpText::reserve(std::size_t size, std::size_t used) {
  if (size <= m_capacity) return;
  auto bytes = std::make_unique_for_overwrite<char[]>(size + k_spare);  // NOLINT(modernize-avoid-c-arrays): the same
  if (used > 0) std::memcpy(bytes.get(), m_bytes.get(), used);
  m_bytes = std::move(bytes);
  m_capacity = size;
}

LineReader::LineReader(ByteSource& source, std::string_view head, std::string part, const DumpSettings& settings)
    : m_source(source),
      m_part(std::move(part)),
      m_batch_size(std::max(static_cast<std::size_t>(settings.batch_size), k_smallest_batch)),
      m_longest(static_cast<std::size_t>(std::max<ByteCount>(settings.longest_line, 1))),
      m_splitter(make_splitter(head)),
      m_mark(head.size() - without_mark(head).size()) {}

Error LineReader::located(Error error) const {
  if (error.kind != ErrorKind::corrupt) return error;
  const std::string where = m_number == 0 ? "" : fmt::format(" after line {}", format_count(m_number));
  error.message = fmt::format("cannot read {}{}: {}", m_part, where, error.message);
  return error;
}

Result<bool> LineReader::next(DumpBatch& batch, const StopToken& stop) {
  batch.part = m_part;
  batch.lines.clear();
  batch.skipped.clear();
  m_limit = m_tail.size() + m_batch_size;
  batch.text.reserve(m_limit, 0);
  m_tail.copy(batch.text.data(), m_tail.size());
  m_begin = 0;
  m_seen = m_filled = m_tail.size();
  m_tail.clear();

  while (!m_is_at_end && !m_error) {
    if (m_filled == m_limit) {
      if (!batch.lines.empty() || !batch.skipped.empty()) break;
      make_room(batch);
    }
    const std::size_t room = std::min(m_limit - m_filled, k_read);
    auto got = m_source.read({batch.text.data() + m_filled, room}, stop);
    if (!got) {
      m_error = located(std::move(got).error());
    } else if (*got == 0) {
      m_is_at_end = true;
      end_part(batch);
    } else {
      m_filled += *got;
      split(batch);
      skip_if_too_long();
    }
  }
  m_tail.assign(batch.text.data() + m_begin, m_filled - m_begin);
  if (!batch.lines.empty() || !batch.skipped.empty()) return true;
  if (m_error) return fail(*m_error);
  return false;
}

/// For a record under way, with none before it but blank ones.
void LineReader::make_room(DumpBatch& batch) {
  char* const text = batch.text.data();
  if (m_begin > 0) {
    std::memmove(text, text + m_begin, m_filled - m_begin);
    m_filled -= m_begin;
    m_seen = m_filled;
    m_begin = 0;
    return;
  }
  // It is not longer than m_longest, or it would have been dropped.
  m_limit = std::min(2 * m_limit, m_longest + m_batch_size);
  batch.text.reserve(m_limit, m_filled);
}

void LineReader::split(DumpBatch& batch) {
  const char* const text = batch.text.data();
  if (m_mark > 0) {
    // peek() has seen it whole, so it comes in one piece.
    m_begin = m_seen = std::exchange(m_mark, 0);
  }
  while (const auto piece = m_splitter->next(text + m_seen, text + m_filled)) {
    m_seen = static_cast<std::size_t>(piece->end - text);
    if (piece->is_record) end_record(batch, piece->end);
    m_begin = m_seen;
  }
  m_seen = m_filled;
}

void LineReader::end_record(DumpBatch& batch, const char* end) {
  ++m_number;
  const char* const begin = batch.text.data() + m_begin;
  const std::string_view text = trim_end({begin, static_cast<std::size_t>(end - begin)});
  if (m_dropped > 0 || text.size() > m_longest) {
    batch.skipped.push_back({m_number, m_dropped + static_cast<ByteCount>(text.size())});
    m_dropped = 0;
  } else if (!text.empty()) {
    batch.lines.push_back({m_number, text});
  }
}

void LineReader::skip_if_too_long() {
  if (m_dropped == 0 && m_filled - m_begin <= m_longest) return;
  m_dropped += static_cast<ByteCount>(m_filled - m_begin);
  // Room again for what follows, also when this is all there is in the batch.
  m_filled = m_seen = m_begin;
}

void LineReader::end_part(DumpBatch& batch) {
  if (const std::string_view complaint = m_splitter->complaint(); !complaint.empty()) {
    m_error = located({ErrorKind::corrupt, std::string(complaint)});
    m_filled = m_begin;
  } else if (m_filled > m_begin || m_dropped > 0) {
    end_record(batch, batch.text.data() + m_filled);
    m_begin = m_filled;
  }
}

}  // namespace dbr::site
