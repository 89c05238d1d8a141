// SPDX-License-Identifier: MIT
// stats: the numbers of a release, as they were computed when it was exported. Reads only.
#include <fmt/format.h>

#include "dbr/exports/pages.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

// A name alone is enough here: the manifest knows what it covers.
Result<dataset::Release> chosen_release(sql::Database& database, const Settings& settings) {
  if (settings.name.empty() && !settings.year && !settings.as_of) {
    DBR_TRY(auto placed, dataset::placed_release(database));
    if (placed) return std::move(*placed);
    return fail(ErrorKind::usage, "there is no release yet", "dbr build --year Y makes one");
  }
  std::string name = settings.name;
  if (name.empty()) {
    DBR_TRY(const auto spec, required_release_spec(settings));
    name = spec.name;
  }
  DBR_TRY(auto release, dataset::find_release(database, name));
  if (release) return std::move(*release);
  DBR_TRY(const auto finished, dataset::published_releases(database));
  std::string names;
  for (const auto& other : finished) names += fmt::format("{}{}", names.empty() ? "" : ", ", other.spec.name);
  return fail(ErrorKind::usage, fmt::format("there is no release {}", name),
              names.empty() ? std::string("dbr build --year Y makes one") : "finished releases: " + names);
}

}  // namespace

Result<Report> stats(const Context& context) {
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const dataset::Release release, chosen_release(database, context.settings));
  if (release.statistics.empty()) {
    return fail(ErrorKind::usage, fmt::format("there are no numbers of {} yet: it is not exported", release.spec.name),
                fmt::format("run dbr export-db for {}", release.spec.name));
  }
  DBR_TRY(std::string text, exports::format_statistics(release.statistics));
  if (release.state == dataset::ReleaseState::draft) text += "\nThis release is a draft.\n";
  std::string json = release.statistics;
  while (json.ends_with('\n')) json.pop_back();
  return Report{std::move(text), std::move(json), ExitCode::ok};
}

}  // namespace dbr::stages
