// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <fmt/format.h>

#include "markup.hpp"
#include "report_parts.hpp"

namespace dbr::exports {
namespace {

std::string span_of(const Document& statistics) {
  const Document& first = statistics.at("first");
  const Document& last = statistics.at("last");
  if (first.is_null()) return "No posts";
  const auto day = [](const Document& edge) { return edge.at("created_at").get<std::string>().substr(0, 10); };
  return fmt::format("Posts of {} to {}, #{} to #{}", day(first), day(last), count_text(first.at("id")),
                     count_text(last.at("id")));
}

}  // namespace

std::string make_report_page(const Document& statistics) {
  const std::string title = escape_markup(title_of(statistics.at("release").get<std::string>()));
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{0} in "
      "numbers</title>\n<style>\n{1}</style>\n</head>\n"
      "<body>\n<header>\n<h1>{0}</h1>\n<p class=\"tagline\">A large-scale crowdsourced and tagged anime illustration "
      "dataset, in numbers</p>\n<p class=\"span\">{2}</p>\n</header>\n<main>\n",
      title, k_report_style, escape_markup(span_of(statistics)));
  html += headline_tiles(statistics);
  html += growth_section(statistics);
  html += posts_section(statistics);
  html += tags_section(statistics);
  html += files_section(statistics);
  html += pictures_section(statistics);
  html += comparison_section(statistics);
  html += left_out_section(statistics);
  html += about_section(statistics);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace dbr::exports
