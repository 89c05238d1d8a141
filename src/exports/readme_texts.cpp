// SPDX-License-Identifier: MIT
// The standing texts of README.md and report.html.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "markup.hpp"
#include "readme.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_subtitle = "A Large-Scale Crowdsourced and Tagged Anime Illustration Dataset";
constexpr std::string_view k_page = "https://www.gwern.net/Danbooru2017";

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> k_meanings = {{
    {"withheld", "the site shows no file: banned, restricted, taken down"},
    {"expunged", "there is no such post"},
    {"absent", "the site knows the post, its file is not there"},
    {"refused", "host, size or name not acceptable"},
    {"quarantined", "what came is not what it should be"},
    {"unread", "the site sent a row that is no post"},
    {"wanted", "not there yet when the release was made"},
    {"after_cutoff", "created after the cut-off, in spite of its ID"},
    {"excluded", "left out on purpose"},
    {"mismatch", "not the bytes the site promised"},
    {"not_a_still_image", "video, flash, ugoira, animation: the original is there"},
    {"failed", "no decoder reads it: the original is there"},
}};

}  // namespace

const std::string_view k_legal_note =
    "Some pictures may be illegal to hold in some countries. Mind your jurisdiction before you download the nsfw set; "
    "the sfw set avoids them as far as the site's ratings do. Rights in the pictures are their artists'.";

std::string_view meaning_of(std::string_view state) {
  for (const auto& [name, meaning] : k_meanings) {
    if (name == state) return meaning;
  }
  return {};
}

std::string citation_of(const Document& statistics) {
  const auto& release = statistics.at("release").get_ref<const std::string&>();
  const std::string last_day = last_day_of(statistics.at("cutoff").get_ref<const std::string&>());
  return fmt::format("Anonymous, The Danbooru Community, & Gwern Branwen; \"{}: {}\", {}. Web. {}", title_of(release),
                     k_subtitle, last_day.substr(0, 4), k_page);
}

std::string bibtex_of(const Document& statistics) {
  const auto& release = statistics.at("release").get_ref<const std::string&>();
  const std::string last_day = last_day_of(statistics.at("cutoff").get_ref<const std::string&>());
  std::string title;
  for (const char c : title_of(release)) title += c == '_' ? std::string("\\_") : std::string(1, c);
  return fmt::format(
      "@misc{{{0},\n"
      "    author = {{Anonymous and {{Danbooru community}} and Gwern Branwen}},\n"
      "    title = {{{1}: {2}}},\n"
      "    howpublished = {{\\url{{{3}}}}},\n"
      "    url = {{{3}}},\n"
      "    type = {{dataset}},\n"
      "    year = {{{4}}}\n"
      "}}\n",
      release, title, k_subtitle, k_page, last_day.substr(0, 4));
}

}  // namespace dbr::exports
