// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "dbr/base/digest.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/torrent/lint.hpp"
#include "dbr/torrent/update_plan.hpp"

namespace dbr::torrent {

void TorrentSet::add(std::string_view file, const Metainfo& info) {
  const std::size_t number = m_files.size();
  m_files.emplace_back(file);
  m_names.emplace(info.name, number);
  if (const auto [known, is_new] = m_infohashes.emplace(info.infohash, number); !is_new) {
    m_same_torrents.emplace_back(known->second, number);
    return;  // it shares every path with itself
  }

  // A digest, not a hash: nobody can make up paths that look alike, so the paths themselves need not be kept.
  Digest digest(DigestKind::sha256);
  const std::size_t before = m_marks.size();
  m_marks.reserve(before + info.files.size());
  for (const File& each : info.files) {
    digest.update(path_on_disk(info, each));
    const std::string bytes = digest.finish();
    Fingerprint path;
    std::memcpy(&path.first, bytes.data(), 8);
    std::memcpy(&path.second, bytes.data() + 8, 8);
    const auto earlier = m_marks.begin() + static_cast<std::ptrdiff_t>(before);
    for (auto at = std::ranges::lower_bound(m_marks.begin(), earlier, Mark{path, 0});
         at != earlier && at->first == path; ++at) {
      Shared& shared = m_shared[{at->second, number}];
      if (shared.count++ == 0) shared.example = shortened(each.path);
    }
    m_marks.emplace_back(path, number);
  }
  const auto middle = m_marks.begin() + static_cast<std::ptrdiff_t>(before);
  std::sort(middle, m_marks.end());
  std::inplace_merge(m_marks.begin(), middle, m_marks.end());
}

std::vector<Finding> TorrentSet::findings() const {
  std::vector<Finding> findings;
  for (const auto& [pair, shared] : m_shared) {
    findings.push_back({Severity::error, "shared-paths", shared.count,
                        fmt::format("{} and {} both hold {} {}, such as '{}': clients that have both loaded write into "
                                    "each other's files",
                                    m_files[pair.first], m_files[pair.second], format_count(shared.count),
                                    shared.count == 1 ? "path" : "paths", shared.example)});
  }
  for (const auto& [first, again] : m_same_torrents) {
    findings.push_back({Severity::warning, "same-torrent", 1,
                        fmt::format("{} and {} are the same torrent", m_files[first], m_files[again])});
  }
  if (m_names.size() > 1) {
    const auto& [name, number] = *m_names.begin();
    const auto& [other_name, other_number] = *std::next(m_names.begin());
    findings.push_back(
        {Severity::warning, "names", static_cast<std::int64_t>(m_names.size()),
         fmt::format("{} different names, such as '{}' of {} and '{}' of {}: a release whose name "
                     "changes is downloaded again as a whole",
                     m_names.size(), shortened(name), m_files[number], shortened(other_name), m_files[other_number])});
  }
  return findings;
}

}  // namespace dbr::torrent
