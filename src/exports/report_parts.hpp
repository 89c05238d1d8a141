// SPDX-License-Identifier: MIT
// The sections of the report, each from the whole statistics; empty when there is nothing to say.
#pragma once

#include <string>

#include "figures.hpp"

namespace dbr::exports {

std::string headline_tiles(const Document& statistics);
std::string growth_section(const Document& statistics);
std::string posts_section(const Document& statistics);
std::string tags_section(const Document& statistics);
std::string files_section(const Document& statistics);
std::string pictures_section(const Document& statistics);
std::string left_out_section(const Document& statistics);
std::string comparison_section(const Document& statistics);
std::string about_section(const Document& statistics);

}  // namespace dbr::exports
