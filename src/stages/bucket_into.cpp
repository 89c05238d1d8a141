// SPDX-License-Identifier: MIT
#include "bucket_into.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/former_release.hpp"
#include "dbr/dataset/held.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "shared_tree.hpp"
#include "support.hpp"
#include "verify_post.hpp"
#include "verify_read.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Layout;
using dataset::PlacedFile;
using dataset::TreeList;

constexpr std::string_view k_missing_name = "missing.tsv.zst";
// In place of a stored file's extension: the folder has the bytes itself, from a time when they were held.
constexpr std::string_view k_in_place = "";

bool is_at_or_below(const fs::path& path, const fs::path& folder) {
  return std::ranges::mismatch(folder, path).in1 == folder.end();
}

// The tree's own folders may be symbolic links: where they lead counts.
Result<void> check_folder(const Layout& layout, const fs::path& into) {
  std::vector<fs::path> ours = {into, into / dataset::k_shared_name, into / dataset::k_shared_name / "metadata"};
  for (const dataset::Series series : dataset::k_series) {
    ours.push_back(into / dataset::k_shared_name / to_string(series.set) / to_string(series.form));
  }
  std::error_code error;
  const auto real = [&](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path), error); };
  for (const fs::path& folder : ours) {
    for (const fs::path& taken : {layout.shared(), layout.store()}) {
      const bool holds_it = folder != into && is_at_or_below(real(taken), real(folder));
      if (!holds_it && !is_at_or_below(real(folder), real(taken))) continue;
      return fail(ErrorKind::usage,
                  fmt::format("cannot lay out a release in {}: that is {}, which is this dataset's own", into.string(),
                              taken.string()),
                  "name a folder that is not part of a dataset");
    }
  }
  if (fs::exists(into / layout.manifest().filename(), error)) {
    return fail(ErrorKind::usage, fmt::format("cannot lay out a release in {}: that is a dataset", into.string()),
                "name a folder that is not part of a dataset");
  }
  return {};
}

Result<void> check_release(const Context& context, sql::Database& database, const std::string& name) {
  const fs::path folder = context.dataset.layout().release_metadata(name);
  std::error_code error;
  if (!fs::exists(folder, error)) {
    DBR_TRY(const auto finished, dataset::finished_releases(database));
    return fail(
        ErrorKind::usage, fmt::format("cannot lay out {}: there is no {}", name, folder.string()),
        finished.empty() ? "no release is finished yet" : fmt::format("finished are {}", fmt::join(finished, ", ")));
  }
  DBR_TRY(const auto known, dataset::find_release(database, name));
  if (known && known->state == dataset::ReleaseState::draft) {
    return fail(ErrorKind::usage, fmt::format("cannot lay out {}: it is a draft", name),
                "dbr make-torrent finishes a release");
  }
  DBR_TRY(const auto wrong, check_checksums(folder, true, context.stop));
  if (wrong.empty()) return {};
  if (wrong.front().name == k_checksums_name && wrong.front().problem == "missing") {
    return fail(ErrorKind::usage,
                fmt::format("cannot lay out {}: it is not finished, it has no {}", name, k_checksums_name),
                "dbr make-torrent finishes a release");
  }
  return fail(
      ErrorKind::corrupt,
      fmt::format("cannot lay out {}: {} ({}){}", name, (folder / wrong.front().name).string(), wrong.front().problem,
                  wrong.size() > 1 ? fmt::format(" and {} other files of its folder are damaged", wrong.size() - 1)
                                   : " is damaged"),
      "bring the folder back from a copy of the release; dbr verify checks it");
}

// Splits the release's list into what can be laid out and what cannot.
class Sorter {
 public:
  Sorter(const Context& context, sql::Database& database, fs::path shared, TreeList& list)
      : m_context(context), m_database(database), m_shared(std::move(shared)), m_list(list) {}

  /// Of the list in `folder`. The latter go into `missing`, when there is one.
  Result<void> run(const fs::path& folder, ZstdFile* missing) {
    if (missing != nullptr) DBR_CHECK(missing->write("path\tid\tstate\treason\n"));
    DBR_TRY(auto list, dataset::FileList::open(folder));
    for (;;) {
      if (m_context.stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
      DBR_TRY(const PlacedFile* const listed, list.next());
      if (listed == nullptr) return {};
      DBR_CHECK(sort(*listed, folder, missing));
    }
  }

  std::int64_t files() const { return m_files; }
  const std::map<std::string, std::int64_t>& missing() const { return m_missing; }

 private:
  Result<void> sort(const PlacedFile& listed, const fs::path& folder, ZstdFile* missing) {
    const auto refuse = [&](std::string_view cause) {
      return fail(ErrorKind::corrupt, fmt::format("cannot lay out {}: {} {}", folder.string(), listed.path, cause));
    };
    const auto file = m_context.dataset.layout().parse_shared_path(listed.path);
    if (!file) return refuse("is no path of this dataset's layout");
    DBR_TRY(dataset::FormerFile found, dataset::find_former(m_database, listed.series.form, listed.id, listed.sha256));
    if (found.state.empty() && !is_in_store(listed, found.extension)) found = {"not_held", "lost", ""};
    const bool is_in_place = !found.state.empty() && found.state != "withdrawn" && has_bytes(listed);
    if (!found.state.empty() && !is_in_place) {
      ++m_missing[found.state];
      if (missing == nullptr) return {};
      return missing->write(fmt::format("{}\t{}\t{}\t{}\n", listed.path, listed.id, found.state, found.reason));
    }
    ++m_files;
    DBR_TRY(const bool is_new, m_list.add(*file, is_in_place ? k_in_place : found.extension));
    return is_new ? Result<void>() : refuse("is the second file of one post");
  }

  bool is_in_store(const PlacedFile& listed, std::string_view extension) const {
    const auto path = m_context.dataset.layout().stored(listed.series.form, listed.id, extension);
    const ReadFacts facts = look_at(path);
    return facts.problem.empty() && facts.size == listed.size;
  }

  // Laid out by an earlier run, when the store still had them. Few are asked for, so they can be read.
  bool has_bytes(const PlacedFile& listed) const {
    const fs::path path = m_shared / listed.path;
    return look_at(path).size == listed.size && file_digest(path, DigestKind::sha256) == listed.sha256;
  }

  const Context& m_context;
  sql::Database& m_database;
  fs::path m_shared;
  TreeList& m_list;
  std::int64_t m_files = 0;
  std::map<std::string, std::int64_t> m_missing;
};

TreePlan plan_of(const Layout& layout, const fs::path& shared, TreeList& list, sql::Database& database) {
  const auto stored = [&layout, shared](const Layout::SharedFile& file, std::string_view extension) {
    return extension == k_in_place ? shared / layout.shared_path(file.series, file.id, file.extension)
                                   : layout.stored(file.series.form, file.id, extension);
  };
  return {.for_each =
              [&layout, &list, stored](const auto& on_file) {
                return list.for_each(layout.buckets(), [&](const Layout::SharedFile& file, std::string_view extension) {
                  return on_file({file, stored(file, extension)});
                });
              },
          .find = [&list, stored](const Layout::SharedFile& file) -> Result<std::optional<fs::path>> {
            DBR_TRY(const auto extension, list.find(file));
            return extension ? std::optional(stored(file, *extension)) : std::nullopt;
          },
          // A link there is another name of the file that is stored, and perhaps placed.
          .record = [&database](auto files) { return record_named(database, files, dataset::renew_witness); }};
}

// Copies, or reflinks: databases are opened by people, and some write to them.
Result<void> take_metadata(const fs::path& from, const fs::path& to, LinkMode mode, const StopToken& stop) {
  FilePlacer placer(mode == LinkMode::reflink ? mode : LinkMode::copy, stop);
  DBR_TRY(const auto names, list_folder(from));
  for (const std::string& name : names) {
    if (stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
    if (placer.is_placed(from / name, to / name)) continue;
    DBR_CHECK(make_directories((to / name).parent_path()));
    DBR_CHECK(placer.put(from / name, to / name));
  }
  return placer.flush();
}

std::string describe(const std::map<std::string, std::int64_t>& missing) {
  std::vector<std::string> parts;
  for (const auto& [state, count] : missing) parts.push_back(fmt::format("{} {}", format_count(count), state));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

Result<Report> lay_out_into(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.into.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("where is {} to be laid out? --release goes with --into DIR", settings.release));
  }
  std::string name = settings.release;
  if (name.empty()) {
    DBR_TRY(const auto spec, required_release_spec(settings));
    name = spec.name;
  }
  const Layout& layout = context.dataset.layout();
  const fs::path shared = settings.into / dataset::k_shared_name;
  const fs::path missing_list = settings.into / k_missing_name;
  const LinkMode mode = parse_link_mode(settings.link);
  DBR_TRY(auto database, context.dataset.connect());
  DBR_CHECK(check_folder(layout, settings.into));
  DBR_CHECK(check_release(context, database, name));
  DBR_TRY(TreeList list, TreeList::create());
  Sorter sorter(context, database, shared, list);
  const fs::path folder = layout.release_metadata(name);
  Json facts = {{"release", name}, {"into", settings.into.string()}};
  const auto add_counts = [&] {
    std::int64_t missing = 0;
    for (const auto& [state, count] : sorter.missing()) missing += count;
    facts.update({{"files", sorter.files()}, {"missing", missing}, {"missing_by_state", sorter.missing()}});
    return missing;
  };
  if (settings.dry_run) {
    DBR_CHECK(sorter.run(folder, nullptr));
    const std::int64_t missing = add_counts();
    return make_report("bucket",
                       fmt::format("would lay out {} of the {} files of {} in {}", format_count(sorter.files()),
                                   format_count(sorter.files() + missing), name, shared.string()),
                       facts);
  }

  DBR_CHECK(check_link_mode(mode, layout.parts(), shared));
  pipeline::Meter& meter = context.progress.start("bucket");
  {
    DBR_TRY(ZstdFile missing, ZstdFile::create(missing_list));
    DBR_CHECK(sorter.run(folder, &missing));
    if (!sorter.missing().empty()) DBR_CHECK(missing.commit());
  }
  if (sorter.missing().empty()) DBR_CHECK(remove_file(missing_list));
  DBR_TRY(const TreeChanges changes,
          lay_out_tree(layout, shared, plan_of(layout, shared, list, database), mode, context.stop, meter));
  DBR_CHECK(take_metadata(folder, shared / "metadata" / name, mode, context.stop));
  DBR_CHECK(sync_directory(shared));  // the folder of metadata may be new
  meter.finish();

  const std::int64_t missing = add_counts();
  facts.update(
      {{"linked", changes.linked}, {"moved", changes.moved}, {"kept", changes.kept}, {"removed", changes.removed}});
  std::string text = fmt::format("{} laid out in {}: {} files ({} placed, {} were there, {} removed)", name,
                                 shared.string(), format_count(sorter.files()), format_count(changes.linked),
                                 format_count(changes.kept + changes.moved), format_count(changes.removed));
  text += missing == 0 ? "; all of its files are still held"
                       : fmt::format("; {} of its files cannot be had any more ({}), {} lists them",
                                     format_count(missing), describe(sorter.missing()), missing_list.string());
  return make_report("bucket", std::move(text), facts);
}

}  // namespace dbr::stages
