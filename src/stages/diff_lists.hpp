// SPDX-License-Identifier: MIT
// The lists `diff --lists` writes: paths for rsync, and tables of what became of files and posts.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/text_file.hpp"
#include "dbr/dataset/release_diff.hpp"

namespace dbr::stages {

class DiffLists {
 public:
  static Result<DiffLists> create(const std::filesystem::path& folder);

  Result<void> add(const dataset::FileChange& change);
  Result<void> add(const dataset::PostChange& change);
  /// Those of posts say nothing when posts were not compared: they are not written then, and removed where they lie
  /// from another time. Returns the names of what was written.
  Result<std::vector<std::string>> commit(bool has_posts);

 private:
  explicit DiffLists(std::filesystem::path folder) : m_folder(std::move(folder)) {}
  std::filesystem::path m_folder;
  std::vector<TextFile> m_files;  // as k_names in diff_lists.cpp
};

}  // namespace dbr::stages
