// SPDX-License-Identifier: MIT
#include "dbr/cli/text.hpp"

#include <algorithm>

namespace dbr::cli {
namespace {

void fill_line(std::string& out, std::string_view line, std::size_t indent, std::size_t width) {
  if (line.starts_with(' ')) {
    out += line;
    return;
  }
  std::size_t column = indent;
  while (!line.empty()) {
    const std::size_t length = std::min(line.find(' '), line.size());
    if (column > indent && column + 1 + length > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += line.substr(0, length);
    column += length;
    line.remove_prefix(std::min(length + 1, line.size()));
  }
}

}  // namespace

std::string fill(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fill_line(out, text.substr(0, end), indent, width);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!text.empty()) out += text.front() == '\n' ? "\n" : '\n' + std::string(indent, ' ');
  }
  return out;
}

std::string format_row(std::string_view name, std::string_view text, std::size_t column) {
  std::string row = "  " + std::string(name);
  if (row.size() + 2 > column) {
    row += '\n' + std::string(column, ' ');
  } else {
    row.resize(column, ' ');
  }
  return row + fill(text, column) + '\n';
}

std::string shell_quote(std::string_view text) {
  static constexpr std::string_view k_plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  if (!text.empty() && text.find_first_not_of(k_plain) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace dbr::cli
