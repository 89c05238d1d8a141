// SPDX-License-Identifier: MIT
// bucket: decides where every file of a release is placed (set, bucket, edition), writes its file list, and lays out
// the shared tree. The layout is one transaction first, then links; a restart finishes the same layout.
#include <fmt/format.h>

#include <utility>

#include "bucket_into.hpp"
#include "checksums.hpp"
#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "release_rule.hpp"
#include "shared_tree.hpp"
#include "stages.hpp"
#include "successor.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;
using dataset::ReleaseSpec;
using dataset::ReleaseState;

constexpr std::string_view k_excluded_name = "excluded.txt";
constexpr std::size_t k_write_bytes = 64 * 1024;  // written at once

// What is finished is compared by the rule it was placed with; `wished` is what the settings say now.
Result<Report> report_finished(sql::Database& database, const dataset::Layout& layout, const Release& release,
                               const ReleaseSpec& wished, PostId last) {
  DBR_TRY(const auto placed, dataset::placed_release(database));
  Json facts = {{"release", release.spec.name}, {"state", "finished"}};
  std::string text = fmt::format("{} is finished and stays as it is", release.spec.name);
  if (placed && placed->spec.name == release.spec.name) {
    DBR_TRY(const dataset::Drift drift, dataset::drift(database, layout, release.spec, last));
    facts["upstream"] = {{"added", drift.added}, {"removed", drift.removed}, {"changed", drift.changed}};
    text += drift.total() == 0
                ? "; nothing in it has changed upstream since"
                : fmt::format("; since then {} files were added, {} removed, {} changed (--reissue takes them in)",
                              format_count(drift.added), format_count(drift.removed), format_count(drift.changed));
  }
  if (!is_same_rule(release.spec, wished)) {
    text += "; it keeps its own --sfw-ratings and --exclude, which differ from those given (--reissue takes these)";
  }
  return make_report("bucket", std::move(text), facts);
}

// One transaction: what belongs where. The lists and links follow from it.
Result<Release> place_release(const Context& context, sql::Database& database, const ReleaseSpec& spec, PostId last) {
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  DBR_TRY(const auto known, dataset::find_release(database, spec.name));
  Release release = known.value_or(Release{});
  release.spec = spec;
  release.state = ReleaseState::draft;
  release.files_sha256.clear();
  release.exported_files_sha256.clear();
  release.statistics.clear();
  DBR_TRY(release.placed_version, dataset::metadata_version(database));
  DBR_CHECK(dataset::place(database, context.dataset.layout(), spec, last));
  DBR_CHECK(dataset::prove_sets(database, spec));
  DBR_CHECK(dataset::save_release(database, release));
  DBR_CHECK(transaction.commit());
  return release;
}

// files.tsv.zst; returns the SHA-256 of its text, which names the set of files.
Result<std::string> write_file_list(sql::Database& database, const std::filesystem::path& folder, std::int64_t& count) {
  DBR_TRY(auto file, ZstdFile::create(folder / "files.tsv.zst"));
  Digest digest(DigestKind::sha256);
  const auto write = [&](std::string_view line) {
    digest.update(line);
    return file.write(line);
  };
  DBR_CHECK(write("path\tid\tsize\tmd5\tsha256\tedition\tsource_md5\n"));
  DBR_CHECK(dataset::for_each_placed(database, [&](const dataset::PlacedFile& f) {
    ++count;
    return write(
        fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", f.path, f.id, f.size, f.md5, f.sha256, f.edition, f.source_md5));
  }));
  DBR_CHECK(file.commit());
  return digest.finish_hex();
}

Result<std::int64_t> write_left_out(sql::Database& database, const std::filesystem::path& folder, PostId last,
                                    std::string& sha256) {
  DBR_TRY(auto file, ZstdFile::create(folder / "left-out.tsv.zst"));
  std::int64_t lines = 0;
  DBR_TRY(sha256, dataset::for_each_left_out_line(database, last, [&](std::string_view line) {
            ++lines;
            return file.write(line);
          }));
  DBR_CHECK(file.commit());
  return lines - 1;  // the first is the header
}

Result<void> write_removed(sql::Database& database, const std::filesystem::path& folder) {
  DBR_TRY(auto file, AtomicFile::create(folder / dataset::k_removed_list));
  std::string lines;
  DBR_CHECK(dataset::for_each_removed(database, [&](std::string_view path) -> Result<void> {
    lines.append(path).push_back('\n');
    if (lines.size() < k_write_bytes) return {};
    return file.write(std::exchange(lines, {}));
  }));
  DBR_CHECK(file.write(lines));
  return file.commit();
}

Result<void> write_excluded(const std::filesystem::path& folder, const ReleaseSpec& spec) {
  if (spec.exclude.empty()) return remove_file(folder / k_excluded_name);
  return write_file_atomically(folder / k_excluded_name, spec.exclude);
}

}  // namespace

Result<Report> bucket(const Context& context) {
  if (!context.settings.into.empty() || !context.settings.release.empty()) return lay_out_into(context);
  DBR_TRY(auto spec, required_release_spec(context.settings));
  DBR_CHECK(add_rule(context.settings, spec));
  const dataset::Layout& layout = context.dataset.layout();
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const PostId last, dataset::last_id_before(database, spec.cutoff));
  DBR_TRY(const auto known, dataset::find_release(database, spec.name));
  if (known && known->spec.cutoff != spec.cutoff) {
    return fail(ErrorKind::usage, fmt::format("cannot place {}: a release of that name covers posts before {}",
                                              spec.name, format_timestamp(known->spec.cutoff)));
  }
  if (known && known->state == ReleaseState::finished && !context.settings.reissue) {
    return report_finished(database, layout, *known, spec, last);
  }
  DBR_CHECK(check_successor(database, layout, spec));
  if (known) warn_of_other_rule(known->spec, spec);
  DBR_CHECK(warn_of_unknown_tags(database, spec));
  if (context.settings.dry_run) {
    DBR_TRY(const dataset::Drift drift, dataset::drift(database, layout, spec, last));
    return make_report("bucket",
                       fmt::format("would add {} files, remove {} and change {}", format_count(drift.added),
                                   format_count(drift.removed), format_count(drift.changed)),
                       {{"added", drift.added}, {"removed", drift.removed}, {"changed", drift.changed}});
  }

  const LinkMode mode = parse_link_mode(context.settings.link);
  DBR_CHECK(check_link_mode(mode, layout.parts(), layout.shared()));
  pipeline::Meter& meter = context.progress.start("bucket");
  DBR_TRY(Release release, place_release(context, database, spec, last));
  const auto folder = layout.release_metadata(spec.name);
  // From here the release on disk is not the one its checksums speak of, until it is published again.
  DBR_CHECK(make_directories(folder));
  DBR_CHECK(remove_file(folder / k_checksums_name));
  // New directories' names live in their parents; a killed run may have made them without syncing.
  for (auto directory = folder; directory != layout.root().parent_path(); directory = directory.parent_path()) {
    DBR_CHECK(sync_directory(directory));
  }
  DBR_TRY(const TreeChanges changes,
          lay_out_tree(layout, layout.shared(), plan_of_placed(database, layout), mode, context.stop, meter));
  DBR_TRY(const std::int64_t audited, audit_sfw_tree(database, layout.shared(), spec));
  std::int64_t files = 0;
  DBR_TRY(release.files_sha256, write_file_list(database, folder, files));
  DBR_TRY(const std::int64_t left_out, write_left_out(database, folder, last, release.left_out_sha256));
  DBR_CHECK(write_removed(database, folder));
  DBR_CHECK(write_excluded(folder, spec));
  DBR_CHECK(dataset::save_release(database, release));
  meter.finish();
  return make_report(
      "bucket",
      fmt::format("{}: {} files placed ({} linked, {} moved, {} removed), {} left out with their "
                  "reasons; the {} in sfw/ keep to its ratings",
                  spec.name, format_count(files), format_count(changes.linked), format_count(changes.moved),
                  format_count(changes.removed), format_count(left_out), format_count(audited)),
      {{"release", spec.name},
       {"state", "draft"},
       {"files", files},
       {"linked", changes.linked},
       {"moved", changes.moved},
       {"kept", changes.kept},
       {"removed", changes.removed},
       {"left_out", left_out},
       {"sfw_files", audited}});
}

}  // namespace dbr::stages
