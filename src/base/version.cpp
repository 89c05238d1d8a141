// SPDX-License-Identifier: MIT
#include "dbr/base/version.hpp"

namespace dbr {

std::string_view version() {
  return DBR_VERSION;
}

}  // namespace dbr
