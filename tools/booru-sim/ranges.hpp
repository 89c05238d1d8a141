// SPDX-License-Identifier: MIT
// Parts of files, as a static nginx gives them.
#pragma once

#include <string_view>

#include "reply.hpp"

namespace dbr::sim {

/// Makes the reply with the whole file what this request gets of it: 206 with one range, 416 when there is nothing
/// there, the whole when it asks for no range, for a list of them, or If-Range names another version.
void apply_range(Reply& reply, const Call& call, std::string_view etag, std::string_view last_modified);

}  // namespace dbr::sim
