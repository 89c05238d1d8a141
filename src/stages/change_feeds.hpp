// SPDX-License-Identifier: MIT
// The site's feeds of changes to posts (API contract, section 1.4): what to ask for, and which posts a row names.
#pragma once

#include <vector>

#include "dbr/base/time.hpp"
#include "dbr/site/booru.hpp"

namespace dbr::stages {

/// A table's rows that changed since then.
site::Selection changed_since(std::string_view table, Timestamp since);

/// None of these alone is complete; together they tell of every change but votes, favourites and comments.
std::vector<site::Selection> change_feeds(Timestamp since);

struct NamedPosts {
  std::vector<PostId> changed;
  /// They may have been deleted, undeleted, expunged or moved: their parents show other children now.
  bool concerns_parents = false;
};
/// Of a row of one of these feeds.
NamedPosts named_posts(const metadata::Record& row);

}  // namespace dbr::stages
