// SPDX-License-Identifier: MIT
// How we introduce ourselves.
#pragma once

#include <string>
#include <string_view>

namespace dbr::site {

/// `contact` may be empty.
std::string user_agent(std::string_view contact);

}  // namespace dbr::site
