// SPDX-License-Identifier: MIT
// What the settings say of a release's sets and of what it leaves out, and what they said before.
#pragma once

#include "dbr/base/result.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/sql/database.hpp"
#include "dbr/stages/settings.hpp"

namespace dbr::stages {

/// Puts what --sfw-ratings and --exclude say into the spec. Kind usage when a file cannot be read.
Result<void> add_rule(const Settings& settings, dataset::ReleaseSpec& spec);

bool is_same_rule(const dataset::ReleaseSpec& a, const dataset::ReleaseSpec& b);
/// A wish that is forgotten on the next run of a draft must not go unnoticed: some pictures may not be held everywhere.
void warn_of_other_rule(const dataset::ReleaseSpec& before, const dataset::ReleaseSpec& spec);
Result<void> warn_of_unknown_tags(sql::Database& database, const dataset::ReleaseSpec& spec);

}  // namespace dbr::stages
