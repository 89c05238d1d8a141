// SPDX-License-Identifier: MIT
// Removes files below a folder and nowhere else: each directory on the way is opened from the one above it, and no
// symbolic link is followed, whatever others do to the tree meanwhile.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/file.hpp"

namespace dbr::stages {

class TreePruner {
 public:
  /// A dry run looks and removes nothing.
  static Result<TreePruner> open(const std::filesystem::path& folder, bool is_dry_run);

  enum class Fate {
    removed,      // or would be
    absent,       // there is no such file
    not_removed,  // why() says why
  };
  /// A relative path of plain components. Those of one directory come one after the other.
  Fate remove(std::string_view path);
  const std::string& why() const { return m_why; }
  ByteCount size() const { return m_size; }  ///< of the file removed last

  /// After the last file: the last directories, if they are empty now.
  void finish() { leave(0); }
  std::int64_t folders() const { return m_folders; }  ///< that were left empty and are gone, too

 private:
  struct Level {
    std::string name;
    Fd fd;
  };

  TreePruner(Fd root, bool is_dry_run) : m_root(std::move(root)), m_is_dry_run(is_dry_run) {}
  const Fd& last() const { return m_levels.empty() ? m_root : m_levels.back().fd; }
  Fate enter(std::string_view directory);
  void leave(std::size_t depth);
  Fate refuse(std::string_view why);

  Fd m_root;
  bool m_is_dry_run;
  std::vector<Level> m_levels;  // from the root to where we are
  std::string m_directory;      // entered last, and how that went
  Fate m_entered = Fate::removed;
  std::string m_why;
  ByteCount m_size = 0;
  std::int64_t m_folders = 0;
};

}  // namespace dbr::stages
