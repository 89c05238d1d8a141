// SPDX-License-Identifier: MIT
// Bencoding (BEP 3): a streaming writer that never holds the document, and a strict, bounded reader.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
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

struct BencodeValue;
using BencodeList = std::vector<BencodeValue>;
using BencodeDict = std::map<std::string, BencodeValue, std::less<>>;

struct BencodeValue {
  std::variant<std::int64_t, std::string, BencodeList, BencodeDict> value;
  /// Where the value stands in the document: for the infohash.
  std::size_t begin = 0, end = 0;
};

/// Kind corrupt, with the byte offset, for anything that is not canonical bencoding: leading zeros, "-0", keys out of
/// order or twice, nesting deeper than 32, lengths beyond the document, trailing bytes.
Result<BencodeValue> parse_bencode(std::string_view document);

}  // namespace dbr::torrent
