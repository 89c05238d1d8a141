// SPDX-License-Identifier: MIT
// Small text helpers: filling paragraphs, quoting for a shell.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "dbr/base/text.hpp"

namespace dbr::cli {

/// `text` filled to `width` columns; lines after the first start with `indent` blanks. Line breaks in `text` stay,
/// and a line that begins with a blank is kept as it is.
std::string fill(std::string_view text, std::size_t indent, std::size_t width = 80);

/// "  NAME   text": a name column of `column` blanks, then the filled text; ends with a line break.
std::string format_row(std::string_view name, std::string_view text, std::size_t column);

/// As one would type it in a shell: quoted when it has to be.
std::string shell_quote(std::string_view text);

}  // namespace dbr::cli
