// SPDX-License-Identifier: MIT
// export-db: the databases people load, made from the files that `bucket` placed and from the same metadata.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/exports/format.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;

Result<std::vector<const exports::Format*>> chosen_formats(const Settings& settings) {
  std::vector<const exports::Format*> chosen;
  std::string known;
  for (const exports::Format& format : exports::formats()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", format.name);
    if (settings.formats.empty() || std::ranges::find(settings.formats, format.name) != settings.formats.end()) {
      chosen.push_back(&format);
    }
  }
  for (const std::string& name : settings.formats) {
    const bool is_known = std::ranges::any_of(chosen, [&](const auto* format) { return format->name == name; });
    if (!is_known) {
      return fail(ErrorKind::usage, fmt::format("invalid value \"{}\" for --format: one of {}", name, known));
    }
  }
  return chosen;
}

// Files of formats not chosen this time would tell of an earlier state of the release.
Result<void> remove_others(const Release& release, const std::filesystem::path& folder,
                           const std::vector<const exports::Format*>& chosen) {
  for (const exports::Format& format : exports::formats()) {
    if (std::ranges::find(chosen, &format) != chosen.end()) continue;
    for (const std::string& name : format.files(release)) DBR_CHECK(remove_file(folder / name));
  }
  return {};
}

}  // namespace

Result<Report> export_db(const Context& context) {
  DBR_TRY(const auto spec, required_release_spec(context.settings));
  DBR_TRY(const auto formats, chosen_formats(context.settings));
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const auto known, dataset::find_release(database, spec.name));
  if (known && known->state == dataset::ReleaseState::finished) {
    return make_report("export-db", fmt::format("{} is finished and stays as it is", spec.name),
                       {{"release", spec.name}, {"state", "finished"}});
  }
  DBR_TRY(const auto placed, dataset::placed_release(database));
  if (!placed || placed->spec.name != spec.name || placed->files_sha256.empty()) {
    return fail(ErrorKind::usage, fmt::format("cannot export {}: its files are not placed", spec.name),
                fmt::format("run dbr bucket for {} first", spec.name));
  }
  Release release = *placed;
  DBR_TRY(const std::int64_t version, dataset::metadata_version(database));
  if (version != release.placed_version) {
    return fail(ErrorKind::usage,
                fmt::format("cannot export {}: the metadata has changed since its files were placed", spec.name),
                fmt::format("run dbr bucket for {} again, then this", spec.name));
  }
  const auto folder = context.dataset.layout().release_metadata(spec.name);
  std::vector<std::string> files;
  for (const exports::Format* format : formats) std::ranges::copy(format->files(release), std::back_inserter(files));
  if (context.settings.dry_run) {
    return make_report("export-db", fmt::format("would write {} files to {}", files.size(), folder.string()),
                       {{"files", files}});
  }
  // Until all are written again, there is no complete set of exports.
  release.exported_files_sha256.clear();
  DBR_CHECK(dataset::save_release(database, release));
  DBR_CHECK(remove_others(release, folder, formats));
  pipeline::Meter& meter = context.progress.start("export-db");
  DBR_CHECK(database.execute("BEGIN"));
  for (const exports::Format* format : formats) {
    DBR_CHECK(format->write({database, release, folder, context.stop, [&] { meter.add_done(); }}));
  }
  DBR_CHECK(database.execute("COMMIT"));
  release.exported_files_sha256 = release.files_sha256;
  DBR_CHECK(dataset::save_release(database, release));
  meter.finish();
  return make_report("export-db", fmt::format("{}: {} files written to {}", spec.name, files.size(), folder.string()),
                     {{"release", spec.name}, {"files", files}});
}

}  // namespace dbr::stages
