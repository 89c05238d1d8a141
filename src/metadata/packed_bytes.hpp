// SPDX-License-Identifier: MIT
// The bytes of the packed form: kinds of values, numbers of variable length, packed text, moments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::metadata {

/// How a value is written. In a shape, a field is its kind, its key, and what the kind adds (in brackets).
enum class Kind : char {
  null = 'n',
  boolean = 'b',  // a bit of the values' first number
  is_true = 't',  // where those 63 bits are used up
  is_false = 'f',
  empty = 'e',  // ""
  integer = 'i',
  number_text = 'I',  // "123"
  real = 'r',
  base_md5 = 'M',
  base_size = 'z',
  base_size_text = 'y',
  base_rating = 'R',
  hex = 'h',            // 32 lower-case digits
  moment = 'T',         // 2025-09-15T19:27:31.639-04:00
  moment_zulu = 'Z',    // 2025-09-15T23:27:31.639Z
  moment_utc = 'U',     // 2016-04-23 14:32:09.52181 UTC
  maybe_integer = 'N',  // a bit like a boolean's says whether it is there, or null
  maybe_moment = 'O',
  never = 'V',  // 1970-01-01 00:00:00 UTC
  word = 'w',   // of a fixed list
  text = 's',
  constant = 'c',    // (the text)
  with_md5 = 'u',    // (a text in which \1 stands for ab/cd and \2 for the base's md5)
  same = '=',        // as the record's own field of this key
  fitted = 'F',      // a variant's side, as its type and the picture's sides have it
  tag_string = 'G',  // (a category, or k_all_tags)
  tag_count = '#',   // likewise
  tag_count_text = '$',
  tag_objects = 'k',  // [{"id":1,"name":"x","category":0}]
  tag_texts = 'K',    // [{"id":"1","name":"x","category":"0"}]
  object = '{',       // (its fields, then end)
  array = '[',        // (how many, then as many fields without keys)
  integers = 'a',     // a width, how many, then distances; or with a width the numbers in so many bits
  number_texts = 'A',
  raw = 'J',  // JSON
  end = '}',
};

inline constexpr int k_all_tags = 254;

/// Small distances from 0 on either side are short.
void put_signed(std::string& out, std::int64_t number);
void put_text(std::string& out, std::string_view text);

/// Reads what was put; after a read beyond the end is_broken() stays true and everything read is empty.
class ByteSource {
 public:
  explicit ByteSource(std::string_view bytes) : m_rest(bytes) {}
  std::uint64_t number();
  std::int64_t signed_number();
  std::string_view bytes(std::uint64_t count);
  unsigned char byte();
  bool is_empty() const { return m_rest.empty(); }
  std::string_view rest() const { return m_rest; }
  bool is_broken() const { return m_is_broken; }

 private:
  std::string_view m_rest;
  bool m_is_broken = false;
};

/// Each below 2^61 in size.
void put_number_list(std::string& out, const std::vector<std::int64_t>& numbers);
std::vector<std::int64_t> take_number_list(ByteSource& source);

/// Text of digits and what URLs are made of takes half its length; any bytes come back as they were.
void put_packed_text(std::string& out, std::string_view text);
void append_packed_text(ByteSource& source, std::string& out);

/// Index in the fixed list of frequent short words.
std::optional<unsigned char> word_index(std::string_view word);
std::string_view word_at(unsigned char index);

/// Only texts that format_ gives back as they were.
struct Moment {
  std::int64_t milliseconds = 0;  // since 1970 UTC
  int quarters = 0;               // the zone's offset in quarters of an hour
};
std::optional<Moment> parse_moment(std::string_view text);
std::optional<std::int64_t> parse_zulu(std::string_view text);
std::optional<std::int64_t> parse_utc_text(std::string_view text);  // microseconds
void append_moment(std::string& out, const Moment& moment);
void append_zulu(std::string& out, std::int64_t milliseconds);
void append_utc_text(std::string& out, std::int64_t microseconds);

/// "123" as a number, when it is how that number is written.
std::optional<std::int64_t> parse_number_text(std::string_view text);

}  // namespace dbr::metadata
