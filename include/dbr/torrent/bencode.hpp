// SPDX-License-Identifier: MIT
// Bencoding (BEP 3): a streaming writer that never holds the document, and a strict reader that does not either.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"

namespace dbr::torrent {

/// Writes to a byte consumer. The caller gives dictionary keys in raw byte order; a key out of order throws.
class BencodeWriter {
 public:
  explicit BencodeWriter(std::function<void(std::string_view)> out);

  void integer(std::int64_t value);
  void string(std::string_view value);
  /// A string written in parts: announce the length, then give exactly that many bytes through raw().
  void begin_string(std::size_t length);
  void raw(std::string_view bytes);
  void begin_list();
  void begin_dict();
  void key(std::string_view name);
  void end();

 private:
  std::function<void(std::string_view)> m_out;
  std::vector<std::string> m_last_key;  // one per open container; lists hold "\xff"
  std::size_t m_raw_left = 0;           // bytes that the string begun last still lacks
};

/// Reads a document value by value, without a tree: it holds the way to where it stands and nothing else. What it
/// returns points into the document. Kind corrupt, with the byte offset, for anything that is not canonical bencoding:
/// leading zeros, "-0", keys out of order or twice, containers nested deeper than 32, lengths beyond the document,
/// trailing bytes. After an Error it is of no further use. Asking for what cannot come, such as a key in a list, is a
/// bug: it throws.
class BencodeReader {
 public:
  enum class Type { integer, string, list, dict };

  explicit BencodeReader(std::string_view document) : m_document(document) {}

  /// Of the value that comes next.
  Result<Type> type() const;
  Result<std::int64_t> integer();
  Result<std::string_view> string();
  /// Into a list or a dictionary.
  Result<void> enter(Type wanted);
  /// In a list: whether another value comes; when none does, the list is behind us.
  Result<bool> has_item();
  /// In a dictionary: the next key, whose value is due then; when there is none, the dictionary is behind us.
  Result<std::optional<std::string_view>> key();
  /// Past a value of any type, which is checked like any other; its bytes.
  Result<std::string_view> skip();
  /// The document ends here.
  Result<void> finish() const;

  std::size_t position() const { return m_at; }
  std::size_t depth() const { return m_depth; }
  /// Integers, strings, keys, and containers' beginnings and ends read so far: what libtorrent's limit counts.
  std::int64_t items() const { return m_items; }

 private:
  struct Open {
    bool is_dict = false;
    bool has_key = false;   // whose value is due
    bool has_last = false;  // there was a key before
    std::string_view last_key;
  };

  tl::unexpected<Error> refuse(std::string_view cause) const;
  Result<void> begin_value(Type wanted);
  Result<bool> is_at_end() const;
  void leave();
  Result<std::int64_t> number(char terminator, bool may_be_negative);
  Result<std::string_view> bytes();

  std::string_view m_document;
  std::size_t m_at = 0;
  std::size_t m_depth = 0;
  std::int64_t m_items = 0;
  std::array<Open, 32> m_open = {};
};

}  // namespace dbr::torrent
