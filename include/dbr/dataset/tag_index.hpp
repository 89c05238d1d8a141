// SPDX-License-Identifier: MIT
// Which posts have which tags: a compressed list of posts for each tag (CRoaring), in chunks of IDs. It is derived from
// the posts' own lists; posts that changed since it was updated are looked at one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Brings the index up to date, in transactions of its own of about a million posts. Memory: some 100 MB at most.
/// `may_go_on` is asked between them; what is left is done the next time.
Result<void> update_tag_index(sql::Database& database, const std::function<bool()>& may_go_on);

/// Posts with every one of `all` and none of `none`; each of them is satisfied by any of its names.
struct TagQuery {
  std::vector<std::vector<std::string>> all;
  std::vector<std::vector<std::string>> none;
};

/// "1girl -solo" in the site's manner: words separated by spaces, '-' excludes. Aliases are resolved, and a tag is also
/// satisfied by those that imply it. Kind usage for an empty query.
Result<TagQuery> parse_tag_query(sql::Database& database, std::string_view text);

/// Whether posts have one of some tags, by their own lists.
class TagMatcher {
 public:
  /// Aliases are resolved, and a tag is also matched by those that imply it. A name with commas that no tag has is a
  /// list of names. No names match nothing.
  static Result<TagMatcher> create(sql::Database& database, const std::vector<std::string>& names);
  /// Names that no post has, by whatever alias.
  const std::vector<std::string>& unknown() const { return m_unknown; }
  /// `tags` is the column of that name.
  bool has_any(std::string_view tags) const;

 private:
  std::unordered_set<std::uint64_t> m_numbers;
  std::vector<std::string> m_unknown;
};

/// The IDs in ascending order, whatever the posts' states. `on_post` returns false to stop.
Result<void> for_each_tagged(sql::Database& database, const TagQuery& query,
                             const std::function<Result<bool>(PostId id)>& on_post);

}  // namespace dbr::dataset
