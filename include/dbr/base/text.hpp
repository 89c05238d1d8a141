// SPDX-License-Identifier: MIT
// Text of others, made fit for a terminal or a URL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbr {

/// What could steer a terminal or turn its lines around becomes "?": control characters (ASCII, and U+0080 to U+009F in
/// UTF-8) and the marks that set the direction of writing. Everything else stays, also what is not UTF-8.
std::string printable(std::string_view text);
/// The same of a text of several lines, which stay.
std::string printable_lines(std::string_view text);

/// Whether it is UTF-8 as RFC 3629 has it: no surrogates, nothing spelled longer than it has to be.
bool is_utf8(std::string_view text);

/// At most about so many bytes of UTF-8, the last ones as "..." when some are left out: for messages that quote others.
std::string shortened(std::string_view text, std::size_t most = 200);

/// Any text as one segment of a URL's path, or one value of its query.
std::string percent_encode(std::string_view text);

}  // namespace dbr
