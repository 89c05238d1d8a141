// SPDX-License-Identifier: MIT
// Whether a file is still the one that was looked at: cheaper than reading it.
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace dbr {

/// One number for a file's size, inode, and times of change to the nanosecond. Whoever writes to a file gives it
/// another one, also when he puts its modification time back; so does a new link to it. Never 0, which stands for "not
/// known".
std::int64_t witness_of(const struct stat& status);

}  // namespace dbr
