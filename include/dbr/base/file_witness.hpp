// SPDX-License-Identifier: MIT
// Whether a file is still the one that was looked at: cheaper than reading it.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

namespace dbr {

/// One number for a file's size, inode, and times of change to the nanosecond. Whoever writes to a file gives it
/// another one, also when he puts its modification time back; so does a new link to it. But for two writes within one
/// tick of the clock (4 ms), and for those through a mapping, which change the times only every 30 s (Linux). Never 0,
/// which stands for "not known".
std::int64_t witness_of(const struct stat& status);

/// Of what lies at `path` now; 0 when that cannot be said, or is no regular file.
std::int64_t witness_at(const std::filesystem::path& path);

/// Where a file was linked or renamed, which gives it another witness: the new one. 0 when more than its names has
/// changed between `before` and `after`, or when they are not one file.
std::int64_t renewed_witness(const struct stat& before, const struct stat& after);

}  // namespace dbr
