// SPDX-License-Identifier: MIT
#include "repeated_paths.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace dbr::torrent {
namespace {

std::string key_of(std::string_view path, PathCase path_case) {
  std::string key(path);
  if (path_case == PathCase::kept) return key;
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

std::size_t hash_of(std::string_view path, PathCase path_case) {
  return path_case == PathCase::kept ? std::hash<std::string_view>{}(path)
                                     : std::hash<std::string>{}(key_of(path, path_case));
}

// Sorted, each once.
std::vector<std::size_t> repeated_hashes(std::span<const File> files, PathCase path_case) {
  std::vector<std::size_t> hashes;
  hashes.reserve(files.size());
  for (const File& file : files) hashes.push_back(hash_of(file.path, path_case));
  std::ranges::sort(hashes);
  std::size_t kept = 0;
  for (std::size_t at = 1; at < hashes.size(); ++at) {
    const bool is_known = kept > 0 && hashes[kept - 1] == hashes[at];
    if (hashes[at] == hashes[at - 1] && !is_known) hashes[kept++] = hashes[at];
  }
  hashes.resize(kept);
  return hashes;
}

}  // namespace

std::vector<std::size_t> repeated_paths(std::span<const File> files, PathCase path_case) {
  const auto hashes = repeated_hashes(files, path_case);
  if (hashes.empty()) return {};
  std::vector<std::pair<std::string, std::size_t>> candidates;
  for (std::size_t number = 0; number < files.size(); ++number) {
    if (std::ranges::binary_search(hashes, hash_of(files[number].path, path_case))) {
      candidates.emplace_back(key_of(files[number].path, path_case), number);
    }
  }
  std::ranges::sort(candidates);
  std::vector<std::size_t> repeated;
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    const auto is_equal = [&](std::size_t other) { return candidates[other].first == candidates[at].first; };
    if ((at > 0 && is_equal(at - 1)) || (at + 1 < candidates.size() && is_equal(at + 1))) {
      repeated.push_back(candidates[at].second);
    }
  }
  return repeated;
}

}  // namespace dbr::torrent
