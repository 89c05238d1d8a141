// SPDX-License-Identifier: MIT
// Which release may take the place of the one that lies in the shared tree.
#pragma once

#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

/// Kind usage when what lies there is newer than `spec`, or is published and has not got all of its torrents yet: of
/// what is not in the tree any more none can be made.
Result<void> check_successor(sql::Database& database, const dataset::Layout& layout, const dataset::ReleaseSpec& spec);

}  // namespace dbr::stages
