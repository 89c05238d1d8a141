// SPDX-License-Identifier: MIT
// export-db: the databases people load, made from the files that `bucket` placed and from the same metadata.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/exports/format.hpp"
#include "dbr/exports/pages.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;

using Formats = std::vector<const exports::Format*>;

// The command line let only known names and "all" pass.
Formats chosen_formats(const Settings& settings) {
  const auto is_named = [&](std::string_view name) {
    return std::ranges::find(settings.formats, name) != settings.formats.end();
  };
  Formats chosen;
  for (const exports::Format& format : exports::formats()) {
    if (settings.formats.empty() ? format.is_default : is_named(format.name) || is_named("all")) {
      chosen.push_back(&format);
    }
  }
  return chosen;
}

std::filesystem::path folder_of(const exports::Format& format, const dataset::Layout& layout, std::string_view name) {
  return format.is_tree ? layout.trees(name) / format.name : layout.release_metadata(name);
}

// Files of formats not chosen this time would tell of an earlier state of the release.
Result<void> remove_others(const dataset::Layout& layout, const Release& release, const Formats& chosen) {
  for (const exports::Format& format : exports::formats()) {
    if (std::ranges::find(chosen, &format) != chosen.end()) continue;
    const auto folder = folder_of(format, layout, release.spec.name);
    if (format.is_tree) DBR_CHECK(remove_tree(folder));
    for (const std::string& name : format.files(release)) DBR_CHECK(remove_tree(folder / name));
  }
  return {};
}

}  // namespace

Result<Report> export_db(const Context& context) {
  DBR_TRY(const auto spec, required_release_spec(context.settings));
  const Formats formats = chosen_formats(context.settings);
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
  const dataset::Layout& layout = context.dataset.layout();
  const auto folder = layout.release_metadata(spec.name);
  std::vector<std::string> files;
  for (const exports::Format* format : formats) std::ranges::copy(format->files(release), std::back_inserter(files));
  std::ranges::copy(exports::page_files(), std::back_inserter(files));
  if (context.settings.dry_run) {
    return make_report("export-db", fmt::format("would write {} files to {}", files.size(), folder.string()),
                       {{"files", files}});
  }
  // Until all are written again, there is no complete set of exports.
  release.exported_files_sha256.clear();
  release.statistics.clear();
  DBR_CHECK(dataset::save_release(database, release));
  DBR_CHECK(remove_others(layout, release, formats));
  pipeline::Meter& meter = context.progress.start("export-db");
  DBR_CHECK(database.execute("BEGIN"));
  for (const exports::Format* format : formats) {
    DBR_CHECK(format->write(
        {database, release, layout, folder_of(*format, layout, spec.name), context.stop, [&] { meter.add_done(); }}));
  }
  DBR_TRY(release.statistics,
          exports::write_pages({database, release, layout, folder, context.stop, [&] { meter.add_done(); }}, formats,
                               context.dataset.optimizes_originals()));
  DBR_CHECK(database.execute("COMMIT"));
  release.exported_files_sha256 = release.files_sha256;
  DBR_CHECK(dataset::save_release(database, release));
  meter.finish();
  return make_report("export-db", fmt::format("{}: {} files written to {}", spec.name, files.size(), folder.string()),
                     {{"release", spec.name}, {"files", files}});
}

}  // namespace dbr::stages
