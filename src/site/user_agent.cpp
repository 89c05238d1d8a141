// SPDX-License-Identifier: MIT
#include "user_agent.hpp"

#include <fmt/format.h>

#include "dbr/base/version.hpp"

namespace dbr::site {

std::string user_agent(std::string_view contact) {
  return contact.empty() ? fmt::format("dbr/{} (dataset archiver)", version())
                         : fmt::format("dbr/{} (dataset archiver; {})", version(), contact);
}

}  // namespace dbr::site
