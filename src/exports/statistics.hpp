// SPDX-License-Identifier: MIT
// statistics.json: the numbers of a release, computed from what it holds, never typed (docs/dataset-format.md, section
// 4.4). All pages about a release are made from it.
#pragma once

#include "figures.hpp"
#include "release_rows.hpp"

namespace dbr::exports {

inline constexpr std::string_view k_statistics_file = "statistics.json";

/// One pass over the release's posts. Growth is counted from the latest finished release with an earlier cut-off.
Result<Document> make_statistics(const Context& context);

}  // namespace dbr::exports
