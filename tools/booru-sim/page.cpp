// SPDX-License-Identifier: MIT
#include "page.hpp"

namespace dbr::sim {

Page parse_page(const Parameters& parameters, std::int64_t max_limit) {
  Page page;
  if (const auto limit = parameter(parameters, "limit"); limit && !limit->empty()) {
    page.limit = std::clamp<std::int64_t>(parse_number(*limit).value_or(20), 1, max_limit);
  }
  const std::string text = parameter(parameters, "page").value_or("1");
  if (text.empty()) return page;
  const char letter = lower_case(text).front();
  const auto number = parse_number(letter == 'a' || letter == 'b' ? std::string_view(text).substr(1) : text);
  if (!number || *number < 0) return page;
  if (letter == 'a' || letter == 'b') {
    page.kind = letter == 'a' ? Page::Kind::above : Page::Kind::below;
    page.value = *number;
  } else {
    page.value = std::max<std::int64_t>(1, *number);
  }
  return page;
}

void shorten(Page& page, Drop drop) {
  if (drop == Drop::end && page.kind != Page::Kind::number) page.limit = std::max<std::int64_t>(1, page.limit * 2 / 3);
}

std::optional<Reply> refuse_page(const Page& page) {
  if (page.kind != Page::Kind::number || page.value <= k_last_page) return std::nullopt;
  return error_reply(410, "PaginationExtension::PaginationError", "You cannot go beyond page 1000.");
}

}  // namespace dbr::sim
