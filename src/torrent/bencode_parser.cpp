// SPDX-License-Identifier: MIT
// The strict bencode reader (BEP 3): every document has one spelling only, and anything else is refused. Total: any
// bytes give a value or an Error. Recursion is bounded by k_max_depth, also in the destructor of what it returns.
#include <fmt/format.h>

#include <charconv>
#include <system_error>
#include <type_traits>
#include <utility>

#include "dbr/torrent/bencode.hpp"

namespace dbr::torrent {

namespace {

constexpr int k_max_depth = 32;

// Otherwise a growing list would copy the trees it holds.
static_assert(std::is_nothrow_move_constructible_v<BencodeValue>);

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Parser {
 public:
  explicit Parser(std::string_view document) : m_document(document) {}

  Result<BencodeValue> document() {
    BencodeValue root;
    DBR_CHECK(value(root, 0));
    if (m_at != m_document.size()) return refuse("trailing bytes");
    return root;
  }

 private:
  bool at_end() const { return m_at >= m_document.size(); }
  char peek() const { return m_document[m_at]; }

  tl::unexpected<Error> refuse(std::string_view cause) const {
    return fail(ErrorKind::corrupt, fmt::format("bencoded document, byte {}: {}", m_at, cause));
  }

  /// `depth` counts the containers around this value. Values are built where they stay: the tree may be large.
  Result<void> value(BencodeValue& result, int depth) {
    if (at_end()) return refuse("the document ends too early");
    result.begin = m_at;
    const char type = peek();
    if (type == 'i') {
      ++m_at;
      DBR_TRY(result.value, number('e', true));
    } else if (type == 'l' || type == 'd') {
      if (depth >= k_max_depth) return refuse("nested too deeply");
      ++m_at;
      DBR_CHECK(type == 'l' ? items(result.value.emplace<BencodeList>(), depth + 1)
                            : items(result.value.emplace<BencodeDict>(), depth + 1));
    } else {
      DBR_TRY(const std::string_view text, string());
      result.value.emplace<std::string>(text);
    }
    result.end = m_at;
    return {};
  }

  /// Digits (and a sign, for integers) up to `terminator`, which is consumed. Exactly one spelling for each number.
  Result<std::int64_t> number(char terminator, bool may_be_negative) {
    const std::size_t sign = may_be_negative && !at_end() && peek() == '-' ? 1 : 0;
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

  Result<std::string_view> string() {
    if (!is_digit(peek())) return refuse("not a value");
    const std::size_t begin = m_at;
    DBR_TRY(const std::int64_t length, number(':', false));
    if (std::cmp_greater(length, m_document.size() - m_at)) {
      m_at = begin;
      return refuse("a string longer than the document");
    }
    const std::string_view text = m_document.substr(m_at, static_cast<std::size_t>(length));
    m_at += text.size();
    return text;
  }

  Result<void> items(BencodeList& list, int depth) {
    while (!at_end() && peek() != 'e') DBR_CHECK(value(list.emplace_back(), depth));
    return close();
  }

  Result<void> items(BencodeDict& dict, int depth) {
    while (!at_end() && peek() != 'e') {
      const std::size_t begin = m_at;
      DBR_TRY(const std::string_view key, string());
      if (!dict.empty() && key <= std::string_view(dict.rbegin()->first)) {
        m_at = begin;
        return refuse("a key twice or out of order");
      }
      const auto item = dict.emplace_hint(dict.end(), std::string(key), BencodeValue{});
      DBR_CHECK(value(item->second, depth));
    }
    return close();
  }

  Result<void> close() {
    if (at_end()) return refuse("the document ends too early");
    ++m_at;
    return {};
  }

  std::string_view m_document;
  std::size_t m_at = 0;
};

}  // namespace

Result<BencodeValue> parse_bencode(std::string_view document) {
  return Parser(document).document();
}

}  // namespace dbr::torrent
