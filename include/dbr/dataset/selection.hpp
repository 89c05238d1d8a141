// SPDX-License-Identifier: MIT
// Which originals the user wants of those the site has. What is not wanted is set aside in the manifest, so that
// queues, forecasts and releases need not ask again; another wish brings it back.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

struct Selection {
  std::optional<Set> only;                 ///< by rating
  std::string sfw_ratings = "gs";          ///< what `only` goes by, as in ReleaseSpec
  std::vector<std::string> exclude_tags;   ///< aliases are resolved, and tags that imply one of them count
  std::optional<ByteCount> max_file_size;  ///< by the site's word; unknown sizes are wanted
  bool skip_non_images = false;            ///< by the site's extension: videos, flash, ugoira
};

/// Wanted originals of the range that the selection leaves out become `excluded`, with the reason rating, tag, size or
/// not_an_image; those left out by an earlier, other selection become wanted first, whatever the range. In transactions
/// of its own; `may_go_on` is asked between them, and what is left is done the next time.
Result<void> apply_selection(sql::Database& database, const Selection& selection, const PostRange& range,
                             const std::function<bool()>& may_go_on);

/// What the queue would hold after apply_selection. Changes nothing.
Result<Totals> selected_totals(sql::Database& database, const Selection& selection, const PostRange& range);

}  // namespace dbr::dataset
