// SPDX-License-Identifier: MIT
// The exit codes users script against: the one table (docs/operating.md repeats it, a test compares).
#pragma once

#include <initializer_list>

#include "dbr/base/error.hpp"

namespace dbr {

enum class ExitCode : int {
  ok = 0,             // all requested work is done
  internal = 1,       // a bug in dbr
  usage = 2,          // usage or configuration
  items_left = 3,     // finished, but items can be retried, or newly failed
  mismatch = 4,       // verification found a mismatch
  network = 5,        // network or site down: try later
  io = 6,             // local I/O error or disk full
  locked = 7,         // the dataset is locked by another dbr
  not_a_dataset = 8,  // not a dataset, or its schema is newer
  refused = 9,        // the site refuses us for good
  limit = 10,         // stopped by a limit the user set
  interrupted = 130,  // interrupted; run again to resume
};

ExitCode exit_code_for(ErrorKind kind);

/// When several apply: the first of 130, 1, 2, 6-9, 5, 10, 4, 3, 0.
ExitCode most_important(ExitCode a, ExitCode b);

}  // namespace dbr
