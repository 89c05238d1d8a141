// SPDX-License-Identifier: MIT
// `legacy`, with the one number that tests choose otherwise.
#pragma once

#include <cstdint>

#include "dbr/exports/format.hpp"

namespace dbr::exports {

/// Some 250 MB: readers of these files hold one of them in memory.
inline constexpr std::int64_t k_posts_a_legacy_file = 100'000;

Result<void> write_legacy(const Context& context, std::int64_t posts_a_file);

}  // namespace dbr::exports
