// SPDX-License-Identifier: MIT
// The strict bencode reader (BEP 3): every document has one spelling only, and anything else is refused. Total: any
// bytes give values or an Error. Nothing here recurses, so no nesting can exhaust the stack.
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "dbr/torrent/bencode.hpp"

namespace dbr::torrent {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

[[noreturn]] void misuse(std::string_view what) {
  throw std::logic_error(fmt::format("BencodeReader: {}", what));
}

std::string_view name_of(BencodeReader::Type type) {
  switch (type) {
    case BencodeReader::Type::integer:
      return "a number";
    case BencodeReader::Type::string:
      return "a string";
    case BencodeReader::Type::list:
      return "a list";
    case BencodeReader::Type::dict:
      return "a dictionary";
  }
  return "";
}

tl::unexpected<Error> refuse_at(std::size_t at, std::string_view cause) {
  return fail(ErrorKind::corrupt, fmt::format("bencoded document, byte {}: {}", at, cause));
}

}  // namespace

tl::unexpected<Error> BencodeReader::refuse(std::string_view cause) const {
  return refuse_at(m_at, cause);
}

Result<BencodeReader::Type> BencodeReader::type() const {
  if (m_at >= m_document.size()) return refuse("the document ends too early");
  const char first = m_document[m_at];
  if (first == 'i') return Type::integer;
  if (first == 'l') return Type::list;
  if (first == 'd') return Type::dict;
  if (is_digit(first)) return Type::string;
  return refuse("not a value");
}

// Every value, containers too, passes here first.
Result<void> BencodeReader::begin_value(Type wanted) {
  DBR_TRY(const Type found, type());
  if (found != wanted) return refuse(fmt::format("{} where {} is due", name_of(found), name_of(wanted)));
  if (m_depth > 0) {
    Open& open = m_open[m_depth - 1];
    if (open.is_dict && !open.has_key) misuse("a value in a dictionary needs a key");
    open.has_key = false;
  }
  ++m_items;
  return {};
}

Result<std::int64_t> BencodeReader::integer() {
  DBR_CHECK(begin_value(Type::integer));
  ++m_at;
  return number('e', true);
}

Result<std::string_view> BencodeReader::string() {
  DBR_CHECK(begin_value(Type::string));
  return bytes();
}

Result<void> BencodeReader::enter(Type wanted) {
  DBR_CHECK(begin_value(wanted));
  if (m_depth == m_open.size()) return refuse("nested too deeply");
  ++m_at;
  m_open[m_depth++] = {.is_dict = wanted == Type::dict};
  return {};
}

Result<bool> BencodeReader::is_at_end() const {
  if (m_at >= m_document.size()) return refuse("the document ends too early");
  return m_document[m_at] == 'e';
}

void BencodeReader::leave() {
  ++m_at;
  ++m_items;
  --m_depth;
}

Result<bool> BencodeReader::has_item() {
  if (m_depth == 0 || m_open[m_depth - 1].is_dict) misuse("an item outside a list");
  DBR_TRY(const bool is_end, is_at_end());
  if (is_end) leave();
  return !is_end;
}

Result<std::optional<std::string_view>> BencodeReader::key() {
  if (m_depth == 0 || !m_open[m_depth - 1].is_dict || m_open[m_depth - 1].has_key) misuse("a key where none can be");
  DBR_TRY(const bool is_end, is_at_end());
  if (is_end) {
    leave();
    return std::nullopt;
  }
  Open& open = m_open[m_depth - 1];
  const std::size_t begin = m_at;
  if (!is_digit(m_document[m_at])) return refuse("a key that is no string");
  DBR_TRY(const std::string_view name, bytes());
  // string_view compares as unsigned char: the raw byte order that BEP 3 asks for.
  if (open.has_last && name <= open.last_key) return refuse_at(begin, "a key twice or out of order");
  open.last_key = name;
  open.has_last = open.has_key = true;
  ++m_items;
  return name;
}

Result<std::string_view> BencodeReader::skip() {
  const std::size_t begin = m_at, outside = m_depth;
  do {
    // In containers of the value: past the next key, or out of the container.
    if (m_depth > outside) {
      bool has_more = true;
      if (m_open[m_depth - 1].is_dict) {
        DBR_TRY(const auto name, key());
        has_more = name.has_value();
      } else {
        DBR_TRY(has_more, has_item());
      }
      if (!has_more) continue;
    }
    DBR_TRY(const Type next, type());
    if (next == Type::integer) {
      DBR_CHECK(integer());
    } else if (next == Type::string) {
      DBR_CHECK(string());
    } else {
      DBR_CHECK(enter(next));
    }
  } while (m_depth > outside);
  return m_document.substr(begin, m_at - begin);
}

Result<void> BencodeReader::finish() const {
  if (m_depth > 0) misuse("the end inside a container");
  if (m_at != m_document.size()) return refuse("trailing bytes");
  return {};
}

// Digits (and a sign, for integers) up to `terminator`, which is consumed. Exactly one spelling for each number.
Result<std::int64_t> BencodeReader::number(char terminator, bool may_be_negative) {
  const std::size_t sign = may_be_negative && m_at < m_document.size() && m_document[m_at] == '-' ? 1 : 0;
  std::size_t stop = m_at + sign;
  while (stop < m_document.size() && is_digit(m_document[stop])) ++stop;
  const std::string_view digits = m_document.substr(m_at + sign, stop - m_at - sign);
  if (digits.empty()) return refuse("a digit is missing");
  if (digits.front() == '0' && digits.size() > 1) return refuse("a leading zero");
  if (digits == "0" && sign == 1) return refuse("a negative zero");
  std::int64_t result = 0;
  const auto parsed = std::from_chars(m_document.data() + m_at, m_document.data() + stop, result);
  if (parsed.ec != std::errc()) return refuse("a number of more than 64 bits");
  if (stop >= m_document.size() || m_document[stop] != terminator) return refuse("a number without its end");
  m_at = stop + 1;
  return result;
}

Result<std::string_view> BencodeReader::bytes() {
  const std::size_t begin = m_at;
  DBR_TRY(const std::int64_t length, number(':', false));
  if (std::cmp_greater(length, m_document.size() - m_at)) return refuse_at(begin, "a string longer than the document");
  const std::string_view text = m_document.substr(m_at, static_cast<std::size_t>(length));
  m_at += text.size();
  return text;
}

}  // namespace dbr::torrent
