// SPDX-License-Identifier: MIT
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/text.hpp"
#include "repeated_paths.hpp"

namespace dbr::torrent {

bool is_safe_component(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return false;
  const auto is_bad = [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::ranges::none_of(name, is_bad) && is_utf8(name);
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t slash = path.find('/', begin);
    parts.push_back(path.substr(begin, slash - begin));
    if (slash == std::string_view::npos) return parts;
    begin = slash + 1;
  }
}

bool is_safe_path(std::string_view path) {
  for (;;) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (!is_safe_component(path.substr(0, slash))) return false;
    if (slash == path.size()) return true;
    path.remove_prefix(slash + 1);
  }
}

std::optional<std::string> find_fault(std::span<const File> files) {
  if (files.empty()) return "it lists no file";
  ByteCount total = 0;
  for (const File& file : files) {
    // The path itself is not repeated: it may hold what a terminal should not see.
    if (!is_safe_path(file.path)) {
      return fmt::format("file {} has a path that is empty, absolute, not UTF-8, or leaves its folder",
                         &file - files.data());
    }
    if (file.size < 0) return fmt::format("'{}' has a negative size", shortened(file.path));
    if (file.size > k_largest_total - total) return "its sizes add up to more than 8 PiB";
    total += file.size;
  }
  if (const auto twice = repeated_paths(files, PathCase::kept); !twice.empty()) {
    return fmt::format("it lists '{}' twice", shortened(files[twice.front()].path));
  }
  return std::nullopt;
}

ByteCount total_size(std::span<const File> files) {
  ByteCount total = 0;
  for (const File& file : files) total += file.size;
  return total;
}

std::size_t count_pieces(ByteCount total, ByteCount piece_length) {
  return static_cast<std::size_t>(total / piece_length + (total % piece_length != 0 ? 1 : 0));
}

}  // namespace dbr::torrent
