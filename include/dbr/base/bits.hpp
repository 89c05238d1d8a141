// SPDX-License-Identifier: MIT
// Distances as bits, in Golomb-Rice code: near 2^k each takes some k + 2 bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbr {

/// Appends to `out`; flush() once at the end fills the last byte with ones.
class BitWriter {
 public:
  explicit BitWriter(std::string& out) : m_out(out) {}
  void put(std::uint64_t number, unsigned k);
  void flush();

 private:
  void put_bits(std::uint64_t bits, unsigned count);  // at most 32
  std::string& m_out;
  std::uint64_t m_pending = 0;  // its lowest m_count bits
  unsigned m_count = 0;
};

class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : m_rest(bytes) {}
  /// What was put with the same k. At the end, is_at_end() and 0: the ones that fill the last byte are no number.
  std::uint64_t number(unsigned k);
  bool is_at_end() const { return m_is_at_end; }

 private:
  std::uint64_t bits(unsigned count);
  std::string_view m_rest;
  std::uint64_t m_pending = 0;
  unsigned m_count = 0;
  bool m_is_at_end = false;
};

}  // namespace dbr
