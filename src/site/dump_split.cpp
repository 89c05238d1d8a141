// SPDX-License-Identifier: MIT
#include "dump_split.hpp"

#include <cstring>

namespace dbr::site {
namespace {

constexpr std::string_view k_blanks = " \t\r\n";

class LineSplitter final : public Splitter {
 public:
  std::optional<Piece> next(const char* begin, const char* end) override {
    const auto* found = static_cast<const char*>(std::memchr(begin, '\n', static_cast<std::size_t>(end - begin)));
    if (found == nullptr) return std::nullopt;
    return Piece{found + 1, true};
  }
  std::string_view complaint() const override { return {}; }
};

/// The elements of an array, or values one after the other. Only counts brackets: whether a record is JSON is for its
/// reader to say.
class ValueSplitter final : public Splitter {
 public:
  std::optional<Piece> next(const char* begin, const char* end) override {
    for (const char* at = begin; at != end; ++at) {
      if (!m_is_inside) {
        if (is_between(*at)) continue;
        if (at != begin) return Piece{at, false};
        m_is_inside = true;
      }
      if (m_depth == 0 && !m_is_in_string && ends_scalar(*at)) {
        m_is_inside = false;
        return Piece{at, true};
      }
      if (ends_here(*at)) {
        m_is_inside = false;
        return Piece{at + 1, true};
      }
    }
    if (m_is_inside || begin == end) return std::nullopt;
    return Piece{end, false};
  }

  std::string_view complaint() const override {
    if (m_depth > 0 || m_is_in_string) return "it ends in the middle of a value";
    return m_is_in_array ? "it ends before its array does" : "";
  }

 private:
  /// Of bytes between records.
  bool is_between(char c) {
    const bool is_start = c == '[' && !m_is_in_array;
    if (is_start || c == ']') m_is_in_array = is_start;
    return is_start || ends_scalar(c);
  }
  static bool ends_scalar(char c) { return c == ',' || c == ']' || k_blanks.find(c) != std::string_view::npos; }

  /// Of bytes in a record: whether this one closes its last bracket.
  bool ends_here(char c) {
    if (m_is_in_string) {
      const bool is_plain = m_is_escaped || (c != '\\' && c != '"');
      m_is_in_string = is_plain || c == '\\';
      m_is_escaped = !is_plain && c == '\\';
    } else if (c == '"') {
      m_is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++m_depth;
    } else if ((c == '}' || c == ']') && m_depth > 0) {
      return --m_depth == 0;
    }
    return false;
  }

  std::int64_t m_depth = 0;
  bool m_is_in_array = false;  ///< the one around the records
  bool m_is_inside = false;    ///< a record
  bool m_is_in_string = false;
  bool m_is_escaped = false;
};

/// Lines have no end inside a string, so a line cut short is not taken for the beginning of a value over many lines.
bool goes_on_behind(std::string_view line) {
  std::int64_t depth = 0;
  bool is_in_string = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (is_in_string) {
      if (c == '\\') ++at;
      if (c == '"') is_in_string = false;
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return depth > 0 && !is_in_string;
}

std::string_view from_first_value(std::string_view head) {
  head = without_mark(head);
  const auto first = head.find_first_not_of(k_blanks);
  return first == std::string_view::npos ? std::string_view() : head.substr(first);
}

}  // namespace

std::string_view without_mark(std::string_view head) {
  constexpr std::string_view k_mark = "\xef\xbb\xbf";
  return head.starts_with(k_mark) ? head.substr(k_mark.size()) : head;
}

bool looks_like_json(std::string_view head) {
  const std::string_view text = from_first_value(head);
  return text.empty() || text.front() == '{' || text.front() == '[';
}

std::unique_ptr<Splitter> make_splitter(std::string_view head) {
  const std::string_view text = from_first_value(head);
  const auto end_of_line = text.find('\n');
  const bool is_array = text.starts_with('[');
  if (is_array || (end_of_line != std::string_view::npos && goes_on_behind(text.substr(0, end_of_line)))) {
    return std::make_unique<ValueSplitter>();
  }
  return std::make_unique<LineSplitter>();
}

}  // namespace dbr::site
