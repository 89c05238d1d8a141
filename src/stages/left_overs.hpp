// SPDX-License-Identifier: MIT
// What a downloader's folder may still hold of earlier releases, by what the newest release in it says. Nothing there
// is trusted: it came from somebody else, and may be half downloaded.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"

namespace dbr::stages {

/// The name of the release with the latest cut-off in `shared`/metadata, by its statistics.json. Kind usage when there
/// is none; corrupt when it cannot be told, since a release is not there as it was published.
Result<std::string> newest_release(const std::filesystem::path& shared);

/// The paths of a removed.txt, without those that are to be kept.
class LeftOvers {
 public:
  /// `folder` is a release's metadata. Kind corrupt, naming the line, for anything but sorted paths of files as a
  /// release has them: not one of them can leave the tree. Memory: the file and 16 bytes a line.
  static Result<LeftOvers> read(const std::filesystem::path& folder);

  /// Of any torrent or release; also where it differs in upper and lower case, which some file systems do not tell
  /// apart.
  void keep(std::string_view path);
  /// What the release itself lists.
  Result<void> keep_listed(const std::filesystem::path& folder);

  std::size_t kept() const { return m_kept; }
  /// In order, without those that are kept.
  Result<void> for_each(const std::function<Result<void>(std::string_view path)>& on_path) const;

 private:
  std::string m_text;
  std::vector<std::string_view> m_paths;  // into m_text
  std::vector<bool> m_is_kept;
  std::size_t m_kept = 0;
};

}  // namespace dbr::stages
