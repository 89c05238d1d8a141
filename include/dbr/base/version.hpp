// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace dbr {

/// "0.1.0": the project's version (CMakeLists.txt).
std::string_view version();

}  // namespace dbr
