// SPDX-License-Identifier: MIT
// The table of options, in parts; their order, and that within them, is the order of help.
#pragma once

#include <span>
#include <string_view>

#include "dbr/cli/options.hpp"

namespace dbr::cli {

std::span<const Option> general_options();
std::span<const Option> metadata_options();
std::span<const Option> release_options();
std::span<const Option> downscale_options();

// What several options allow, for error texts.
inline constexpr std::string_view k_on_or_off = "a switch: true or false";
inline constexpr std::string_view k_file = "the name of a file";
inline constexpr std::string_view k_plain_url = "an http or https address without user name or query";

}  // namespace dbr::cli
