// SPDX-License-Identifier: MIT
// A cursor over untrusted bytes that cannot leave them: a read past the end gives zero and marks the reader as run out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dbr::image {

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : m_bytes(bytes) {}

  std::size_t position() const { return m_position; }
  std::size_t left() const { return m_bytes.size() - m_position; }
  /// A read or skip went beyond the end: the file is cut.
  bool ran_out() const { return m_ran_out; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1, true)); }
  std::uint16_t be16() { return static_cast<std::uint16_t>(number(2, true)); }
  std::uint32_t be32() { return static_cast<std::uint32_t>(number(4, true)); }
  std::uint64_t be64() { return number(8, true); }
  std::uint16_t le16() { return static_cast<std::uint16_t>(number(2, false)); }
  std::uint32_t le24() { return static_cast<std::uint32_t>(number(3, false)); }
  std::uint32_t le32() { return static_cast<std::uint32_t>(number(4, false)); }

  /// The next `count` bytes; fewer only when the reader runs out.
  std::string_view take(std::uint64_t count);
  void skip(std::uint64_t count) { take(count); }
  /// Moves on to the next byte of this value; runs out when there is none.
  void seek_byte(std::uint8_t value);
  /// What the next byte is, without taking it; -1 at the end.
  int peek() const;

 private:
  std::uint64_t number(std::size_t count, bool big_endian);

  std::string_view m_bytes;
  std::size_t m_position = 0;
  bool m_ran_out = false;
};

inline std::string_view ByteReader::take(std::uint64_t count) {
  if (count > left()) {
    m_ran_out = true;
    count = left();
  }
  const std::string_view taken = m_bytes.substr(m_position, static_cast<std::size_t>(count));
  m_position += taken.size();
  return taken;
}

inline void ByteReader::seek_byte(std::uint8_t value) {
  const std::size_t found = m_bytes.find(static_cast<char>(value), m_position);
  if (found == std::string_view::npos) {
    m_ran_out = true;
    m_position = m_bytes.size();
  } else {
    m_position = found;
  }
}

inline int ByteReader::peek() const {
  return left() == 0 ? -1 : static_cast<unsigned char>(m_bytes[m_position]);
}

inline std::uint64_t ByteReader::number(std::size_t count, bool big_endian) {
  const std::string_view raw = take(count);
  if (raw.size() < count) {
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8 | static_cast<unsigned char>(raw[big_endian ? i : count - 1 - i]);
  }
  return value;
}

}  // namespace dbr::image
