// SPDX-License-Identifier: MIT
// Text on its way into HTML and XML, and numbers as people read them there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "figures.hpp"

namespace dbr::exports {

/// For text and attributes of HTML and XML alike; what XML cannot hold becomes U+FFFD.
std::string escape_markup(std::string_view text);

/// A number of the document: "1,234".
std::string count_text(const Document& number);
/// A decimal with `digits` (0 to 3) after the point and commas before it, "–" for null.
std::string decimal_text(const Document& number, int digits);
/// "4.90 M", "162 M", "12.3 k", "950": three digits that tell.
std::string short_count(std::int64_t number);

/// "11.235 terapixels"; for few, in smaller units.
std::string pixels_text(std::int64_t pixels);

/// "danbooru2017" as a title: "Danbooru2017".
std::string title_of(std::string_view release);
/// The last day before the cut-off: "2017-12-31", whose year is the release's.
std::string last_day_of(std::string_view cutoff);

}  // namespace dbr::exports
