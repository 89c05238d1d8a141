// SPDX-License-Identifier: MIT
// export-db: the databases people load, made from the files that `bucket` placed and from the same metadata.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/exports/format.hpp"
#include "dbr/exports/lists.hpp"
#include "dbr/exports/pages.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;
using dataset::ReleaseState;

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

// Half-written files of a run that was killed.
Result<void> remove_parts(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> parts;
  for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') && name.ends_with(".part")) parts.push_back(entry->path());
  }
  if (error) return fail(error_from_errno(error.value(), "list", folder.string()));
  for (const fs::path& part : parts) DBR_CHECK(remove_file(part));
  return {};
}

// Files of formats not chosen this time would tell of an earlier state of the release.
Result<void> remove_others(const dataset::Layout& layout, const Release& release, const Formats& chosen) {
  DBR_CHECK(remove_tree(layout.trees(release.spec.name) / exports::k_tree_parts));
  for (const exports::Format& format : exports::formats()) {
    if (std::ranges::find(chosen, &format) != chosen.end()) continue;
    const auto folder = folder_of(format, layout, release.spec.name);
    if (format.is_tree) DBR_CHECK(remove_tree(folder));
    for (const std::string& name : format.files(release)) DBR_CHECK(remove_tree(folder / name));
  }
  return {};
}

// The release as it was placed; kind usage when it was not, or the manifest says something else by now.
Result<Release> placed_release(sql::Database& database, const dataset::ReleaseSpec& spec, PostId last) {
  const auto refuse = [&](std::string_view why, std::string_view again) {
    return fail(ErrorKind::usage, fmt::format("cannot export {}: {}", spec.name, why),
                fmt::format("run dbr bucket for {} {}", spec.name, again));
  };
  DBR_TRY(const auto placed, dataset::placed_release(database));
  if (!placed || placed->spec.name != spec.name || placed->files_sha256.empty()) {
    return refuse("its files are not placed", "first");
  }
  DBR_TRY(const std::int64_t version, dataset::metadata_version(database));
  if (version != placed->placed_version) {
    return refuse("the metadata has changed since its files were placed", "again, then this");
  }
  DBR_TRY(const bool is_as_placed, dataset::is_left_out_as_placed(database, *placed, last));
  if (!is_as_placed) {
    return refuse("what is left out, or why, has changed since its files were placed", "again, then this");
  }
  return *placed;
}

std::vector<std::string> files_of(const Formats& formats, const Release& release) {
  std::vector<std::string> files;
  for (const exports::Format* format : formats) {
    for (const std::string& name : format->files(release)) {
      files.push_back(format->is_tree ? fmt::format("{}/{}", format->name, name) : name);
    }
  }
  if (release.state == ReleaseState::draft) {
    std::ranges::copy(exports::list_files(), std::back_inserter(files));
    std::ranges::copy(exports::page_files(), std::back_inserter(files));
  }
  return files;
}

}  // namespace

Result<Report> export_db(const Context& context) {
  DBR_TRY(const auto spec, required_release_spec(context.settings));
  Formats formats = chosen_formats(context.settings);
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const auto known, dataset::find_release(database, spec.name));
  const bool is_finished = known && known->state == ReleaseState::finished;
  if (is_finished) {
    // Trees are no part of it, and may be made whenever they are wanted.
    std::erase_if(formats, [](const auto* format) { return !format->is_tree; });
    if (formats.empty()) {
      return make_report("export-db", fmt::format("{} is finished and stays as it is", spec.name),
                         {{"release", spec.name}, {"state", "finished"}});
    }
  }
  DBR_TRY(const PostId last, dataset::last_id_before(database, spec.cutoff));
  DBR_TRY(Release release, placed_release(database, spec, last));
  const dataset::Layout& layout = context.dataset.layout();
  const auto folder = layout.release_metadata(spec.name);
  const auto files = files_of(formats, release);
  if (context.settings.dry_run) {
    return make_report("export-db", fmt::format("would write {} files to {}", files.size(), folder.string()),
                       {{"files", files}});
  }
  if (!is_finished) {
    // Until all are written again, there is no complete set of exports.
    release.exported_files_sha256.clear();
    release.statistics.clear();
    DBR_CHECK(dataset::save_release(database, release));
    DBR_CHECK(remove_file(folder / k_checksums_name));  // left by a run that was killed while it published
    DBR_CHECK(remove_parts(folder));
    DBR_CHECK(remove_others(layout, release, formats));
  }
  pipeline::Meter& meter = context.progress.start("export-db");
  const auto context_in = [&](const std::filesystem::path& where) {
    return exports::Context{database, release, layout, where, context.stop, [&] { meter.add_done(); }};
  };
  DBR_CHECK(database.execute("BEGIN"));
  for (const exports::Format* format : formats) {
    DBR_CHECK(format->write(context_in(folder_of(*format, layout, spec.name))));
  }
  if (!is_finished) {
    DBR_CHECK(exports::write_lists(context_in(folder), last));
    DBR_TRY(release.statistics,
            exports::write_pages(context_in(folder), formats, context.dataset.optimizes_originals()));
  }
  DBR_CHECK(database.execute("COMMIT"));
  if (!is_finished) {
    release.exported_files_sha256 = release.files_sha256;
    DBR_CHECK(dataset::save_release(database, release));
  }
  meter.finish();
  const auto& where = is_finished ? layout.trees(spec.name) : folder;
  return make_report("export-db", fmt::format("{}: {} files written to {}", spec.name, files.size(), where.string()),
                     {{"release", spec.name}, {"files", files}});
}

}  // namespace dbr::stages
