// SPDX-License-Identifier: MIT
// verify --repair: puts right what can be put right here, puts the rest aside, and queues what has to come again.
//
// Rows go first: a row says "wanted" before its file is moved, so none claims bytes that are not there, whenever the
// power goes. Bytes are moved or linked to store/quarantine/, never removed.
#pragma once

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/findings.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"
#include "verify_post.hpp"

namespace dbr::stages {

struct RepairSettings {
  CheckSettings check;
  bool is_dry = false;     ///< only writes down what it would do
  bool has_extras = true;  ///< all extra files were looked for; else they stay where they are
};

/// Writes what became of each finding into `findings`. Can be repeated after a kill. Kind cancelled when stopped: what
/// was done by then is whole.
Result<void> repair(const dataset::Layout& layout, sql::Database& database, dataset::Findings& findings,
                    const RepairSettings& settings, const StopToken& stop);

}  // namespace dbr::stages
