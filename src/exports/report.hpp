// SPDX-License-Identifier: MIT
// report.html: a release's statistics as one page that needs nothing but itself: no script, no font, no request.
// Well-formed as XML too, so that anything can read it.
#pragma once

#include <string>

#include "figures.hpp"

namespace dbr::exports {

inline constexpr std::string_view k_report_file = "report.html";

std::string make_report_page(const Document& statistics);

/// The page's style sheet.
extern const std::string_view k_report_style;

}  // namespace dbr::exports
