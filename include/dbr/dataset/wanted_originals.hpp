// SPDX-License-Identifier: MIT
// The queue of originals to be fetched: a cursor over the manifest, in the order the user wants.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

enum class FetchOrder {
  oldest,    ///< by ID
  newest,    ///< by ID, the highest first
  smallest,  ///< by the size the site states, then by ID; unknown sizes first
};

struct WantedOriginal {
  PostId id = 0;
  std::string md5;  ///< what the site says
  std::string file_ext;
  std::string file_url;     ///< empty where the record has none
  ByteCount file_size = 0;  ///< by the site's word; 0 when it says none
  std::string held_ext;     ///< of the bytes an earlier fetch left in the store; empty when there are none
  std::string rating;
  std::string tags;  ///< the packed list: for TagMatcher
};

/// Which posts a queue, or a change to one, is about.
struct PostRange {
  PostId last;                                  ///< IDs up to this
  std::optional<std::vector<PostId>> ids = {};  ///< only these, sorted
};

/// For one thread; the database outlives it. Order `smallest` is kept in a temporary table, some 20 bytes a post on
/// disk, made when the queue is first asked for items and at each start from the beginning.
class WantedOriginals {
 public:
  static Result<WantedOriginals> open(sql::Database& database, PostRange range, FetchOrder order);
  WantedOriginals(WantedOriginals&&) noexcept;
  WantedOriginals& operator=(WantedOriginals&&) noexcept;
  ~WantedOriginals();

  /// The next items or, `from_start`, the first; fewer than `limit` do not mean the end, none do.
  Result<std::vector<WantedOriginal>> next(bool from_start, int limit);
  /// All that the queue holds now.
  Result<Totals> totals();

 private:
  struct State;
  explicit WantedOriginals(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

/// What the queue would say of these posts, whatever their state; gaps are left out.
Result<std::vector<WantedOriginal>> originals_of(sql::Database& database, const std::vector<PostId>& ids);

/// Originals that were stored, with the sizes they came with: to see whether where they came from still has them. The
/// `limit` newest, then the `limit` oldest, of those that are not large; if all are, the smallest.
Result<std::vector<WantedOriginal>> stored_samples(sql::Database& database, int limit);

}  // namespace dbr::dataset
