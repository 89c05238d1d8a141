// SPDX-License-Identifier: MIT
// fetch-metadata --from: dumps into the manifest.
#pragma once

#include "dbr/stages/command.hpp"

namespace dbr::stages {

/// Reads every dump named by the settings. What the site said stays; a dump may be read again without harm.
Result<Report> import_dumps(const Context& context);

}  // namespace dbr::stages
