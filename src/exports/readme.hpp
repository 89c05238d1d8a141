// SPDX-License-Identifier: MIT
// README.md of a release: for whoever finds the folder on its own. No clock, host or path goes into it.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "dbr/exports/format.hpp"
#include "figures.hpp"

namespace dbr::exports {

inline constexpr std::string_view k_readme_file = "README.md";

struct ReadmeFacts {
  std::span<const Format* const> formats;  ///< those that were written
  std::filesystem::path folder;            ///< only what is in it is described
  int buckets = 0;
  bool optimizes_originals = false;
};

std::string make_readme(const dataset::Release& release, const Document& statistics, const ReadmeFacts& facts);

/// How to cite it, as a sentence and as BibTeX: the 2017 page with this release's title and year.
std::string citation_of(const Document& statistics);
std::string bibtex_of(const Document& statistics);

/// What a state of left-out.tsv.zst means, in a few words; empty for one this does not know.
std::string_view meaning_of(std::string_view state);

/// "Pictures may be illegal to hold ...": a paragraph.
extern const std::string_view k_legal_note;

}  // namespace dbr::exports
