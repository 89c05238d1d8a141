// SPDX-License-Identifier: MIT
#include "dump_unpack.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/units.hpp"

namespace dbr::site {
namespace {

constexpr std::size_t k_block = std::size_t{128} << 10;

}  // namespace

UnpackSource::UnpackSource(std::unique_ptr<Decoder> decoder, std::unique_ptr<ByteSource> source)
    : m_decoder(std::move(decoder)), m_source(std::move(source)), m_block(k_block) {}

Error UnpackSource::damaged(std::string_view cause) const {
  const ByteCount at = m_taken - static_cast<ByteCount>(m_packed.size());
  return {ErrorKind::corrupt, fmt::format("{} (near byte {} of what is packed)", cause, format_count(at))};
}

/// Leaves m_packed empty at the end.
Result<void> UnpackSource::refill(const StopToken& stop) {
  if (!m_packed.empty() || m_is_source_at_end) return {};
  DBR_TRY(const std::size_t got, m_source->read(m_block, stop));
  m_packed = {m_block.data(), got};
  m_taken += static_cast<ByteCount>(got);
  m_is_source_at_end = got == 0;
  return {};
}

Result<std::size_t> UnpackSource::read(std::span<char> into, const StopToken& stop) {
  std::span<char> rest = into;
  while (rest.size() == into.size()) {
    if (m_error) return fail(*m_error);
    DBR_CHECK(refill(stop));
    if (m_is_between_frames) {
      // Tapes and xz pad with zeros.
      m_packed.remove_prefix(std::min(m_packed.find_first_not_of('\0'), m_packed.size()));
      if (m_packed.empty() && m_is_source_at_end) return 0;
      if (m_packed.empty()) continue;
    }
    // At the end of the source the decoder may still have bytes to give.
    const std::size_t had = m_packed.size();
    const auto state = m_decoder->run(m_packed, rest);
    if (!state) {
      m_error = damaged(state.error().message);
      continue;
    }
    m_is_between_frames = *state == Decoder::State::frame_ended;
    const bool has_moved = rest.size() < into.size() || m_packed.size() < had;
    if (!m_is_between_frames && !has_moved) m_error = damaged("it is cut short");
  }
  return into.size() - rest.size();
}

}  // namespace dbr::site
