// SPDX-License-Identifier: MIT
// The names everything else is spelled with.
#pragma once

#include <cstdint>

namespace dbr {

/// A post's number on the site: positive, assigned in order of creation, never used twice.
using PostId = std::int64_t;

/// A count of bytes.
using ByteCount = std::int64_t;

}  // namespace dbr
