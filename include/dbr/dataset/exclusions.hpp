// SPDX-License-Identifier: MIT
// What a release leaves out on the user's wish: tags and post IDs. (What is not even fetched is selection.hpp's.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/tag_index.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

struct Exclusions {
  std::vector<PostId> ids;
  std::vector<std::string> tags;
};

/// Adds what the lines name: a line of digits is an ID, any other a tag; blank lines and those that begin with '#' say
/// nothing. Kind usage with the line and `source`, the file's name, when one is neither.
Result<void> add_exclusions(std::string_view text, std::string_view source, Exclusions& exclusions);

/// IDs ascending, then tags, one a line, each once: as ReleaseSpec::exclude and excluded.txt have it.
std::string format_exclusions(Exclusions exclusions);

/// Which posts a list leaves out. For one state of the manifest's tags.
class ExclusionMatcher {
 public:
  /// `list` is made by format_exclusions. Aliases are resolved, and tags that imply one of the list count.
  static Result<ExclusionMatcher> create(sql::Database& database, std::string_view list);
  /// "id" or "tag"; empty when the post stays. `tags` is the column of that name.
  std::string_view reason_against(PostId id, std::string_view tags) const;
  /// Tags of the list that no post has.
  const std::vector<std::string>& unknown_tags() const { return m_tags.unknown(); }

 private:
  ExclusionMatcher(std::vector<PostId> ids, TagMatcher tags) : m_ids(std::move(ids)), m_tags(std::move(tags)) {}
  std::vector<PostId> m_ids;  // sorted
  TagMatcher m_tags;
};

}  // namespace dbr::dataset
