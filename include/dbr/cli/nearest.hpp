// SPDX-License-Identifier: MIT
// "Did you mean": edit distance and the nearest of some names.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace dbr::cli {

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, if one is near enough to be what was meant.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace dbr::cli
