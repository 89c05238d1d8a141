// SPDX-License-Identifier: MIT
// What this process may use of the machine.
#pragma once

#include "dbr/base/ids.hpp"

namespace dbr {

/// Bytes of memory: the machine's, or what a container allows of it (cgroup v2, memory.max).
ByteCount machine_memory();

}  // namespace dbr
