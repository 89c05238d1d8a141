// SPDX-License-Identifier: MIT
// Standard output through one large buffer; a row is put together in place.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace dbr::bench {

class Out {
 public:
  Out();
  ~Out() = default;
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;

  /// Text as it is, numbers in decimal, bools as true and false, and whatever else has a put(Out&, value).
  template <class... Parts>
  void add(const Parts&... parts) {
    (put_part(parts), ...);
  }
  void drop_last() { --m_at; }  // the comma after the last of a list

  /// Ends a row. Rows may be k_row_room bytes long. False when the reader is gone or the disk is full.
  bool end_row() {
    *m_at++ = '\n';
    return m_at < m_full || flush();
  }
  bool flush();

 private:
  static constexpr std::size_t k_buffer = 1 << 20, k_row_room = 1 << 17;

  template <std::size_t N>  // NOLINTNEXTLINE(modernize-avoid-c-arrays): a literal is one
  void put_part(const char (&literal)[N]) {
    std::memcpy(m_at, literal, N - 1);
    m_at += N - 1;
  }
  void put_part(std::string_view text) {
    std::memcpy(m_at, text.data(), text.size());
    m_at += text.size();
  }
  void put_part(char c) { *m_at++ = c; }
  template <std::same_as<bool> Bool>
  void put_part(Bool value) {
    put_part(value ? std::string_view("true") : std::string_view("false"));
  }
  template <std::integral Number>
  requires(sizeof(Number) >= 4) void put_part(Number value) { m_at = std::to_chars(m_at, m_at + 24, value).ptr; }
  template <class Value>
  requires requires(Out& out, const Value& value) { put(out, value); }
  void put_part(const Value& value) { put(*this, value); }

  std::vector<char> m_buffer;
  char* m_at;
  char* m_full;
};

}  // namespace dbr::bench
