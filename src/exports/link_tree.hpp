// SPDX-License-Identifier: MIT
// A folder of links to stored pictures and of files about them. It is built beside its final place and appears complete
// and durable, in the place of what an earlier run made, or not at all.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>

#include "dbr/base/result.hpp"
#include "dbr/exports/format.hpp"

namespace dbr::exports {

class LinkTree {
 public:
  /// `folder`: where it is to appear. Takes away what a killed run left of another one.
  static Result<LinkTree> create(std::filesystem::path folder);

  /// Until commit(): for files that are written in other ways than write().
  const std::filesystem::path& path() const { return m_fresh; }

  /// Links `name`, which is relative to the tree, to a stored file. False when the name is taken.
  Result<bool> link(const std::filesystem::path& stored, std::string_view name);
  /// Links `name` to a post's ML form. One that is as it was when it was made or placed counts as such with its new
  /// link.
  Result<bool> link(const Context& context, PostId id, std::string_view name);
  /// A small file of its own. Not durable before commit().
  Result<void> write(std::string_view name, std::string_view text);

  Result<void> commit();

 private:
  explicit LinkTree(std::filesystem::path folder);
  /// The path of `name`, in a directory that exists.
  Result<std::filesystem::path> place_for(std::string_view name);

  std::filesystem::path m_folder;
  std::filesystem::path m_parts;  ///< holds all that is not in its final place
  std::filesystem::path m_fresh;
  std::unordered_set<std::string> m_directories;
};

/// "sfw/0123/1000123": a picture's place in a tree, without its extension. Folders as in the store, a set apart.
std::string name_in_tree(const dataset::Layout& layout, const dataset::ReleasePost& post);

/// x, y, width, height of the picture in its ML form.
std::array<int, 4> content_box(const dataset::ReleasePost& post);

}  // namespace dbr::exports
