// SPDX-License-Identifier: MIT
// bucket: decides where every file of a release is placed (set, bucket, edition), writes its file list, and lays out
// the shared tree. The layout is one transaction first, then links; a restart finishes the same layout.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "bucket_into.hpp"
#include "checksums.hpp"
#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/exclusions.hpp"
#include "dbr/dataset/posts.hpp"
#include "shared_tree.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;
using dataset::ReleaseSpec;
using dataset::ReleaseState;

constexpr std::string_view k_excluded_name = "excluded.txt";

bool is_same_rule(const ReleaseSpec& a, const ReleaseSpec& b) {
  return a.sfw_ratings == b.sfw_ratings && a.exclude == b.exclude;
}

std::vector<std::string_view> sorted_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(lines.back().size() + 1);
  }
  std::ranges::sort(lines);
  return lines;
}

// A wish that is forgotten on the next run of a draft must not go unnoticed: some pictures may not be held everywhere.
void warn_of_other_rule(const ReleaseSpec& before, const ReleaseSpec& spec) {
  const auto old_lines = sorted_lines(before.exclude);
  const auto new_lines = sorted_lines(spec.exclude);
  std::vector<std::string_view> dropped;
  std::ranges::set_difference(old_lines, new_lines, std::back_inserter(dropped));
  if (!dropped.empty()) {
    log::warning(
        "{} no longer leaves out {} tags and IDs that --exclude named before, such as {}; lasting wishes belong "
        "into dbr.toml",
        spec.name, dropped.size(), dropped.front());
  }
  if (before.sfw_ratings != spec.sfw_ratings) {
    log::warning(
        "the sfw set of {} was of the ratings {} and is of {} now; a lasting --sfw-ratings belongs into dbr.toml",
        spec.name, before.sfw_ratings, spec.sfw_ratings);
  }
}

Result<void> warn_of_unknown_tags(sql::Database& database, const ReleaseSpec& spec) {
  DBR_TRY(const auto exclusions, dataset::ExclusionMatcher::create(database, spec.exclude));
  for (const std::string& tag : exclusions.unknown_tags()) {
    log::warning("no post has the tag {}, which is to be excluded", tag);
  }
  return {};
}

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

Result<std::int64_t> write_left_out(sql::Database& database, const std::filesystem::path& folder, PostId last) {
  DBR_TRY(auto file, ZstdFile::create(folder / "left-out.tsv.zst"));
  std::int64_t count = 0;
  DBR_CHECK(file.write("id\tform\tstate\treason\n"));
  DBR_CHECK(dataset::for_each_left_out(database, last, [&](const dataset::LeftOut& item) {
    ++count;
    return file.write(fmt::format("{}\t{}\t{}\t{}\n", item.id, to_string(item.form), item.state, item.reason));
  }));
  DBR_CHECK(file.commit());
  return count;
}

Result<void> write_excluded(const std::filesystem::path& folder, const ReleaseSpec& spec) {
  if (spec.exclude.empty()) return remove_file(folder / k_excluded_name);
  return write_file_atomically(folder / k_excluded_name, spec.exclude);
}

Result<void> check_newest(sql::Database& database, const dataset::ReleaseSpec& spec) {
  DBR_TRY(const auto placed, dataset::placed_release(database));
  if (!placed || placed->spec.name == spec.name || placed->spec.cutoff <= spec.cutoff) return {};
  return fail(
      ErrorKind::usage,
      fmt::format("cannot place {}: {}/ holds {}, which is newer", spec.name, dataset::k_shared_name,
                  placed->spec.name),
      fmt::format("dbr bucket --release {} --into DIR lays a finished release out in another folder", spec.name));
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
  DBR_CHECK(check_newest(database, spec));
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
  DBR_TRY(const std::int64_t left_out, write_left_out(database, folder, last));
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
