// SPDX-License-Identifier: MIT
#include "left_overs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/time.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_statistics_name = "statistics.json";
constexpr ByteCount k_most_statistics = ByteCount{1} << 20;  // dbr writes some 10 KB
constexpr ByteCount k_most_removed = ByteCount{1} << 30;     // of 20 million files

tl::unexpected<Error> refuse(const fs::path& path, std::string_view why) {
  return fail(ErrorKind::corrupt, fmt::format("cannot use {}: {}", printable(path.string()), why),
              "nothing was removed; a client that has the whole of the metadata torrent puts it right");
}

Result<Timestamp> read_cutoff(const fs::path& folder) {
  const fs::path path = folder / k_statistics_name;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return refuse(path, "it is not there, so that this release's age is unknown");
  DBR_TRY(const std::string text, read_file(path, k_most_statistics));
  const Json json = Json::parse(text, nullptr, false);
  const auto found = json.is_object() ? json.find("cutoff") : json.end();
  const auto cutoff = json.is_object() && found != json.end() && found->is_string()
                          ? parse_timestamp(found->get<std::string>())
                          : std::nullopt;
  if (!cutoff) return refuse(path, "it names no cut-off");
  return *cutoff;
}

}  // namespace

Result<std::string> newest_release(const fs::path& shared) {
  const fs::path folder = shared / "metadata";
  std::optional<Timestamp> latest;
  std::string newest, rival;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    // A client's own folders begin with a dot.
    if (name.starts_with('.')) continue;
    std::error_code unknown;
    const bool is_folder = entry->is_directory(unknown);
    if (unknown) return fail(error_from_errno(unknown.value(), "look at", printable(entry->path().string())));
    if (!is_folder) continue;
    DBR_TRY(const Timestamp cutoff, read_cutoff(entry->path()));
    if (latest && cutoff < *latest) continue;
    rival = latest && cutoff == *latest ? newest : std::string();
    latest = cutoff;
    newest = name;
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(error_from_errno(error.value(), "list", printable(folder.string())));
  }
  if (!rival.empty()) {
    return refuse(folder, fmt::format("{} and {} have the same cut-off, and one of them is the newest",
                                      printable(rival), printable(newest)));
  }
  if (!latest) {
    return fail(ErrorKind::usage,
                fmt::format("cannot look into {}: no release's metadata is there", printable(folder.string())),
                "what may be removed is in the metadata of the newest release: download its torrent, too");
  }
  // Half of a list would name files that it does not mean, or lack files that are to be kept.
  constexpr std::array<std::string_view, 3> k_used = {k_statistics_name, dataset::k_removed_list, dataset::k_file_list};
  DBR_CHECK(check_some_checksums(folder / newest, k_used));
  return newest;
}

Result<LeftOvers> LeftOvers::read(const fs::path& folder) {
  const fs::path path = folder / dataset::k_removed_list;
  LeftOvers found;
  DBR_TRY(found.m_text, read_file(path, k_most_removed));
  if (!found.m_text.empty() && found.m_text.back() != '\n') return refuse(path, "its last line has no end");
  for (std::string_view rest = found.m_text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::size_t number = found.m_paths.size() + 1;
    if (!dataset::Layout::parse_foreign_path(line))
      return refuse(path, fmt::format("line {} is no file of a release", number));
    if (!found.m_paths.empty() && line <= found.m_paths.back())
      return refuse(path, fmt::format("line {} is out of order", number));
    found.m_paths.push_back(line);
  }
  found.m_is_kept.assign(found.m_paths.size(), false);
  return found;
}

void LeftOvers::keep(std::string_view path) {
  std::string lower(path);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto found = std::ranges::lower_bound(m_paths, std::string_view(lower));
  if (found == m_paths.end() || *found != lower) return;
  const auto at = static_cast<std::size_t>(found - m_paths.begin());
  if (!m_is_kept[at]) ++m_kept;
  m_is_kept[at] = true;
}

Result<void> LeftOvers::keep_listed(const fs::path& folder) {
  DBR_TRY(auto files, dataset::FileList::open(folder));
  for (;;) {
    DBR_TRY(const dataset::PlacedFile* file, files.next());
    if (file == nullptr) return {};
    keep(file->path);
  }
}

Result<void> LeftOvers::for_each(const std::function<Result<void>(std::string_view path)>& on_path) const {
  for (std::size_t i = 0; i < m_paths.size(); ++i) {
    if (!m_is_kept[i]) DBR_CHECK(on_path(m_paths[i]));
  }
  return {};
}

}  // namespace dbr::stages
