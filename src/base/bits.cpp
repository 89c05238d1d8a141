// SPDX-License-Identifier: MIT
#include "dbr/base/bits.hpp"

namespace dbr {
namespace {

// A number this many times 2^k or more is written out: so many ones, then 32 + 32 bits.
constexpr unsigned k_escape = 24;

}  // namespace

void BitWriter::put_bits(std::uint64_t bits, unsigned count) {
  m_pending = (m_pending << count) | (bits & ((std::uint64_t{1} << count) - 1));
  m_count += count;
  while (m_count >= 8) {
    m_count -= 8;
    m_out += static_cast<char>(m_pending >> m_count);
  }
}

void BitWriter::put(std::uint64_t number, unsigned k) {
  const std::uint64_t ones = number >> k;
  if (ones >= k_escape) {
    put_bits(~std::uint64_t{0}, k_escape);
    put_bits(number >> 32, 32);
    put_bits(number, 32);
    return;
  }
  put_bits(~std::uint64_t{0} << 1, static_cast<unsigned>(ones) + 1);
  put_bits(number, k);
}

void BitWriter::flush() {
  if (m_count != 0) put_bits(~std::uint64_t{0}, 8 - m_count);
}

std::uint64_t BitReader::bits(unsigned count) {
  while (m_count < count) {
    if (m_rest.empty()) {
      m_is_at_end = true;
      return 0;
    }
    m_pending = (m_pending << 8) | static_cast<unsigned char>(m_rest.front());
    m_rest.remove_prefix(1);
    m_count += 8;
  }
  m_count -= count;
  return (m_pending >> m_count) & ((std::uint64_t{1} << count) - 1);
}

std::uint64_t BitReader::number(unsigned k) {
  unsigned ones = 0;
  while (ones < k_escape && bits(1) == 1) ++ones;
  if (m_is_at_end) return 0;
  if (ones == k_escape) {
    const std::uint64_t high = bits(32);
    return (high << 32) | bits(32);
  }
  const std::uint64_t low = bits(k);
  return m_is_at_end ? 0 : (std::uint64_t{ones} << k) | low;
}

}  // namespace dbr
