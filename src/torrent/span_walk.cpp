// SPDX-License-Identifier: MIT
#include "span_walk.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace dbr::torrent {

namespace {

// For files that a check wants whole.
constexpr std::size_t k_block_bytes = std::size_t{256} << 10;

}  // namespace

tl::unexpected<Error> fail_interrupted() {
  return fail(ErrorKind::cancelled, "hashing was interrupted");
}

std::vector<SpanPlace> piece_places(const Span& span, ByteCount piece_length) {
  std::vector<SpanPlace> places;
  SpanPlace at{0, span.offset};
  for (ByteCount begin = 0; begin < span.length; begin += piece_length) {
    places.push_back(at);
    for (ByteCount left = std::min(piece_length, span.length - begin); left > 0;) {
      const ByteCount part = std::min(left, span.files[at.file].size - at.offset);
      left -= part;
      at.offset += part;
      if (at.offset == span.files[at.file].size) at = {at.file + 1, 0};
    }
  }
  places.push_back(at);
  return places;
}

void SpanWalk::go_to(const SpanPlace& place) {
  if (m_place.file != place.file) leave();
  m_place = place;
}

Result<bool> SpanWalk::is_cached(std::span<char> scratch) {
  DBR_CHECK(enter(true));
  if (m_is_bad) return false;
  const auto left = static_cast<std::size_t>(left_in_file());
  const bool is_cached = m_file.is_cached(m_place.offset, scratch.first(std::min(scratch.size(), left)));
  if (!is_cached) {
    m_cold = m_place.file;
    m_file.set_cold();
  }
  return is_cached;
}

Result<bool> SpanWalk::read(std::span<char> bytes) {
  return pass(static_cast<ByteCount>(bytes.size()), bytes.data());
}

Result<void> SpanWalk::look(ByteCount length) {
  DBR_CHECK(pass(length, nullptr));
  return {};
}

Result<void> SpanWalk::look_at_empty() {
  while (m_place.file < m_span.files.size() && m_span.files[m_place.file].size == 0) {
    DBR_CHECK(enter(false));
    leave();
    ++m_place.file;
  }
  return {};
}

Result<bool> SpanWalk::pass(ByteCount length, char* into) {
  bool is_readable = into != nullptr;
  while (length > 0) {
    DBR_CHECK(enter(is_readable));
    const File& file = m_span.files[m_place.file];
    is_readable = is_readable && !(m_is_bad && file.size > 0);
    const ByteCount part = std::min(length, left_in_file());
    if (is_readable && part > 0) {
      const std::span<char> bytes(into, static_cast<std::size_t>(part));
      DBR_TRY(is_readable, judge(m_file.read(m_job.folder, file, m_place.offset, bytes)));
      into += part;
    }
    length -= part;
    m_place.offset += part;
    if (m_place.offset < file.size) continue;
    leave();
    m_place = {m_place.file + 1, 0};
  }
  return is_readable;
}

/// The current file is looked at, and open when it is to be read.
Result<void> SpanWalk::enter(bool is_to_be_read) {
  if (m_is_bad || (m_is_entered && (!is_to_be_read || m_file.is_open()))) return {};
  const File& file = m_span.files[m_place.file];
  const auto witness = is_to_be_read ? m_file.open(m_job.folder, file, m_job.as_clients_do)
                                     : look_at_listed(m_job.folder, file, m_job.as_clients_do);
  if (witness && is_to_be_read && m_place.file == m_cold) m_file.set_cold();
  m_is_entered = true;
  Result<void> verdict;
  if (!witness) {
    verdict = fail(witness.error());
  } else if (m_job.check) {
    verdict = m_job.check(m_span, m_place.file, *witness, [&](const auto& on_block) { return read_whole(on_block); });
  }
  DBR_CHECK(judge(std::move(verdict)));
  return {};
}

Result<void> SpanWalk::read_whole(const std::function<void(std::string_view)>& on_block) {
  const File& file = m_span.files[m_place.file];
  if (!m_file.is_open()) DBR_CHECK(m_file.open(m_job.folder, file, m_job.as_clients_do));
  std::string block(k_block_bytes, '\0');
  for (ByteCount offset = 0; offset < file.size;) {
    if (!m_may_go_on()) return fail_interrupted();
    const auto part = std::min(static_cast<std::size_t>(file.size - offset), block.size());
    DBR_CHECK(m_file.read(m_job.folder, file, offset, {block.data(), part}));
    on_block({block.data(), part});
    offset += static_cast<ByteCount>(part);
  }
  return {};
}

Result<bool> SpanWalk::judge(Result<void> verdict) {
  if (verdict) return true;
  m_is_bad = true;
  m_file.close();
  if (!m_job.on_bad_file || verdict.error().kind == ErrorKind::cancelled) return fail(std::move(verdict).error());
  DBR_CHECK(m_job.on_bad_file(m_span, m_place.file, std::move(verdict).error()));
  return false;
}

void SpanWalk::leave() {
  m_file.close();
  m_is_entered = m_is_bad = false;
}

}  // namespace dbr::torrent
