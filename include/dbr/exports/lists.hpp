// SPDX-License-Identifier: MIT
// The lists of a release that people ask for whatever format they load: which posts are deleted, no images, of one
// tag, replaced, the same picture twice. docs/dataset-format.md has the rules.
#pragma once

#include <string>
#include <vector>

#include "dbr/exports/format.hpp"

namespace dbr::exports {

/// Relative to the release's folder, sorted: "lists/deleted.txt".
std::vector<std::string> list_files();

/// Writes all of them; `last` is the release's last ID.
Result<void> write_lists(const Context& context, PostId last);

}  // namespace dbr::exports
