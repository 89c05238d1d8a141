// SPDX-License-Identifier: MIT
// The parts of a URL we look at, parsed by libcurl's own parser so that what we check is what is fetched.
#pragma once

#include <string>
#include <string_view>

#include "dbr/base/result.hpp"

namespace dbr::http {

struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, without brackets
  int port = 0;        ///< the scheme's own when not given
  std::string path;
};

/// Absolute http or https URLs only (kind usage otherwise); user information in a URL is refused.
Result<Url> parse_url(std::string_view text);

/// Resolves `reference` (absolute or relative) against `base`; the result passes parse_url.
Result<std::string> resolve_url(std::string_view base, std::string_view reference);

/// Whether a step of its path is "..", written in any way a server might understand. Takes any reference.
bool has_parent_steps(std::string_view reference);

/// Host and path for messages: never the query or user information, which may hold keys. Takes any text.
std::string describe_url(std::string_view text);

}  // namespace dbr::http
