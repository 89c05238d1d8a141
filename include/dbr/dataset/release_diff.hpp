// SPDX-License-Identifier: MIT
// What two releases have and have not in common, from their own lists (release_lists.hpp). Memory stays flat: the lists
// are read side by side, and what is not in both of them waits in a temporary database of SQLite's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"

namespace dbr::dataset {

/// The folders of the two releases' lists, and what is asked for each line read: an Error ends the comparison.
struct ComparedReleases {
  std::filesystem::path from;
  std::filesystem::path to;
  std::function<Result<void>()> on_line;
};

/// What became of a post's file in one form. Bytes decide: other bytes are `replaced`, the same ones under another path
/// `moved`.
enum class FileFate : int { added = 0, removed = 1, replaced = 2, moved = 3 };
std::string_view to_string(FileFate fate);

struct FileChange {
  FileFate fate = FileFate::added;
  Form form = Form::original;
  PostId id = 0;
  std::string_view from = {};  ///< path in the first release, empty when added; valid during the call, as `to`
  std::string_view to = {};    ///< path in the second release, empty when removed
  ByteCount size = 0;          ///< in the second release, or in the first when removed
};

/// Every file that is not the same in both, in the order (form, ID); returns how many are.
Result<std::int64_t> for_each_file_change(const ComparedReleases& releases,
                                          const std::function<Result<void>(const FileChange&)>& on_change);

/// A post of both releases whose tags or rating differ.
struct PostChange {
  PostId id = 0;
  std::vector<std::string_view> added;  ///< tags, by name; valid during the call, as all that follows
  std::vector<std::string_view> removed;
  std::string_view old_rating;
  std::string_view new_rating;
  bool is_retagged() const { return !added.empty() || !removed.empty(); }
  bool is_rerated() const { return old_rating != new_rating; }
};

/// By ID; returns how many posts are in both. Both releases must have their list of tags.
Result<std::int64_t> for_each_post_change(const ComparedReleases& releases,
                                          const std::function<Result<void>(const PostChange&)>& on_change);

}  // namespace dbr::dataset
