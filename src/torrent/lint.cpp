// SPDX-License-Identifier: MIT
#include "dbr/torrent/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <unordered_set>

#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "repeated_paths.hpp"
#include "rules.hpp"

namespace dbr::torrent {
namespace {

// The same in every common file system: bytes in Linux, units of UTF-16, which are fewer, in the others.
constexpr std::size_t k_longest_component = 255;

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// "CON", "com1.txt": devices, whatever follows the first dot.
bool is_windows_device(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  std::ranges::transform(stem, stem.begin(), upper);
  while (stem.ends_with(' ')) stem.pop_back();
  constexpr std::array<std::string_view, 4> k_devices = {"CON", "PRN", "AUX", "NUL"};
  if (std::ranges::find(k_devices, stem) != k_devices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem[3] >= '1' && stem[3] <= '9';
}

bool can_windows_have(std::string_view name) {
  return name.find_first_of("<>:\"\\|?*") == std::string_view::npos && !name.ends_with('.') && !name.ends_with(' ') &&
         !is_windows_device(name);
}

/// Counts names of a kind and keeps the first.
struct Tally {
  std::int64_t count = 0;
  std::string first;

  void add(std::string_view path) {
    if (count++ == 0) first = shortened(path);
  }
};

// U+200E, U+200F, U+202A to U+202E: which way a text runs. libtorrent 2.0.8 leaves them out of names (measured).
bool has_direction_mark(std::string_view name) {
  for (std::size_t at = 0; (at = name.find("\xe2\x80", at)) != std::string_view::npos; at += 2) {
    const auto last = at + 2 < name.size() ? static_cast<unsigned char>(name[at + 2]) : 0;
    if (last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae)) return true;
  }
  return false;
}

struct NameTallies {
  Tally windows, long_names, marked;

  void add(std::string_view path) {
    if (has_direction_mark(path)) marked.add(path);
    bool fits_windows = true, is_short = true;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string_view name = path.substr(begin, end - begin);
      fits_windows = fits_windows && can_windows_have(name);
      is_short = is_short && name.size() <= k_longest_component;
      begin = end + 1;
    }
    if (!fits_windows) windows.add(path);
    if (!is_short) long_names.add(path);
  }
};

void add_name_findings(const Metainfo& info, std::vector<Finding>& findings) {
  NameTallies names;
  if (!info.is_single_file) names.add(info.name);
  for (const File& file : info.files) names.add(file.path);
  if (names.windows.count > 0) {
    findings.push_back({Severity::warning, "windows-names", names.windows.count,
                        fmt::format("names that Windows cannot have: {}, such as '{}'; clients there change them, and "
                                    "the next release's data is not found again",
                                    format_count(names.windows.count), names.windows.first)});
  }
  if (names.long_names.count > 0) {
    findings.push_back({Severity::warning, "long-names", names.long_names.count,
                        fmt::format("names of more than 255 bytes, which most file systems cannot have: {}, such as "
                                    "'{}'; clients shorten them",
                                    format_count(names.long_names.count), names.long_names.first)});
  }
  if (names.marked.count > 0) {
    findings.push_back({Severity::warning, "direction-marks", names.marked.count,
                        fmt::format("names with marks for the direction of text: {}, such as '{}'; libtorrent leaves "
                                    "them out of the file's name",
                                    format_count(names.marked.count), names.marked.first)});
  }
}

void add_folder_finding(const Metainfo& info, std::vector<Finding>& findings) {
  std::unordered_set<std::string_view> folders;
  for (const File& file : info.files) {
    const std::string_view path = file.path;
    for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/', slash - 1)) {
      if (!folders.insert(path.substr(0, slash)).second) break;  // and those above it are known, too
    }
  }
  Tally both;
  for (const File& file : info.files) {
    if (folders.contains(file.path)) both.add(file.path);
  }
  if (both.count == 0) return;
  findings.push_back({Severity::warning, "file-and-folder", both.count,
                      fmt::format("paths of a file that are a folder's, too: {}, such as '{}'; clients save the file "
                                  "under another name, or not at all",
                                  format_count(both.count), both.first)});
}

void add_case_finding(const Metainfo& info, std::vector<Finding>& findings) {
  const auto alike = repeated_paths(info.files, PathCase::folded);
  if (alike.empty()) return;
  findings.push_back(
      {Severity::warning, "case", static_cast<std::int64_t>(alike.size()),
       fmt::format("paths that differ only by case: {}, such as '{}' and '{}'; on Windows and macOS they "
                   "are one file, which never gets complete, and libtorrent saves one under another name",
                   format_count(static_cast<std::int64_t>(alike.size())), shortened(info.files[alike[0]].path),
                   shortened(info.files[alike[1]].path))});
}

void add_web_seed_finding(const Metainfo& info, std::vector<Finding>& findings) {
  Tally seeds;
  for (const std::string& url : info.web_seeds) {
    if (!info.is_single_file && !url.ends_with('/')) seeds.add(url);
  }
  if (seeds.count == 0) return;
  findings.push_back({Severity::warning, "web-seed", seeds.count,
                      fmt::format("the web seed {} does not end in '/': it is the folder above '{}', and some clients "
                                  "ask for the wrong address",
                                  seeds.first, shortened(info.name))});
}

}  // namespace

std::string_view to_string(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

std::vector<Finding> find_hazards(const Metainfo& info) {
  std::vector<Finding> findings;
  if (!info.reuse_keys.empty()) {
    findings.push_back({Severity::error, "reuse-keys", static_cast<std::int64_t>(info.reuse_keys.size()),
                        fmt::format("it has '{}' (BEP 38), which makes people lose data: libtorrent 2.0 links files to "
                                    "those of their older torrents, mostly the wrong ones, and then overwrites them",
                                    info.reuse_keys.front())});
  }
  add_case_finding(info, findings);
  add_folder_finding(info, findings);
  add_name_findings(info, findings);
  if (info.is_private) {
    findings.push_back({Severity::warning, "private", 1,
                        "it is private: clients find peers by its trackers only, and when these are gone, nobody"});
  }
  add_web_seed_finding(info, findings);
  const auto piece_length = static_cast<std::uint64_t>(info.piece_length);
  if (!std::has_single_bit(piece_length) || info.piece_length < k_min_piece_length) {
    findings.push_back(
        {Severity::warning, "piece-length", 1,
         fmt::format("pieces of {} bytes: not a power of two of at least 16 KiB, as some clients want it",
                     format_count(info.piece_length))});
  }
  return findings;
}

}  // namespace dbr::torrent
