// SPDX-License-Identifier: MIT
// The files people load. Every format streams the same release (dataset/release.hpp) with flat memory and gives equal
// bytes for equal content: sorted, fixed parameters, no clock.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::exports {

struct Context {
  sql::Database& manifest;  ///< inside one transaction, so that all formats see the same
  const dataset::Release& release;
  const dataset::Layout& layout;
  std::filesystem::path folder;   ///< where its files go: danbooru/metadata/NAME, or a tree's own folder
  StopToken stop;                 ///< looked at between posts; kind cancelled
  std::function<void()> on_post;  ///< called once per post and format: for the progress
};

struct Format {
  std::string_view name;     ///< for --format: "sqlite"
  std::string_view summary;  ///< one line
  /// The files it writes, by name, for a release; a name that ends in '/' is a folder with all that is in it.
  std::vector<std::string> (*files)(const dataset::Release& release);
  Result<void> (*write)(const Context& context);
  bool is_default = true;  ///< written unless --format says otherwise
  bool is_tree = false;    ///< lies in Layout::trees()/name, with links to pictures, instead of with the release
};

std::span<const Format> formats();

/// In Layout::trees(): trees that are not finished, and old ones on their way out. Leftovers when no dbr writes.
inline constexpr std::string_view k_tree_parts = ".parts";

}  // namespace dbr::exports
