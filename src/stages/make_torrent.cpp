// SPDX-License-Identifier: MIT
// make-torrent: publishes a release that is complete (checksums, a publication number), then writes one torrent a
// series. Files are listed by (edition, ID), so the same posts give the same infohash whatever came first.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/version.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "dbr/torrent/trackers.hpp"
#include "release_feed.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;
using dataset::ReleaseState;

// Above it, clients at library defaults refuse the metafile (measured on libtorrent 2.0.8: 218,000).
constexpr std::size_t k_most_files = 200'000;

struct Wanted {
  std::string series;  // "sfw-512px", "metadata"
  std::vector<torrent::File> files;
};

Result<Wanted> collect(sql::Database& database, dataset::Series series) {
  Wanted wanted{dataset::name_of(series), {}};
  DBR_CHECK(dataset::for_each_placed(database, series, [&](const dataset::PlacedFile& file) -> Result<void> {
    wanted.files.push_back({file.path, file.size});
    return {};
  }));
  return wanted;
}

Result<Wanted> collect_metadata(const dataset::Layout& layout, const Release& release) {
  Wanted wanted{"metadata", {}};
  const auto folder = layout.release_metadata(release.spec.name);
  DBR_TRY(const auto names, list_folder(folder));
  for (const std::string& name : names) {
    std::error_code error;
    const auto size = std::filesystem::file_size(folder / name, error);
    if (error) return fail(error_from_errno(error.value(), "read", (folder / name).string()));
    wanted.files.push_back({fmt::format("metadata/{}/{}", release.spec.name, name), static_cast<ByteCount>(size)});
  }
  return wanted;
}

Result<Json> write_torrent(const Context& context, const Release& release, const Wanted& wanted,
                           const std::filesystem::path& path) {
  ByteCount total = 0;
  for (const torrent::File& file : wanted.files) total += file.size;
  if (wanted.files.size() > k_most_files) {
    log::warning("{} has {} files; many clients refuse a torrent of more than {}", path.filename().string(),
                 format_count(static_cast<std::int64_t>(wanted.files.size())), k_most_files);
  }
  torrent::Options options{.name = std::string(dataset::k_shared_name),
                           .piece_length = context.settings.piece_size.value_or(torrent::choose_piece_length(total)),
                           .web_seeds = context.settings.web_seeds,
                           .created_by = fmt::format("dbr {}", version())};
  for (const std::string& tracker : context.settings.trackers)
    options.trackers.push_back({torrent::tracker_url(tracker).value_or(tracker)});
  // The release is named here and in the file's name; the torrent's own name stays the same from year to year.
  options.comment = fmt::format("{} {}", release.spec.name, wanted.series);
  if (!context.settings.comment.empty()) options.comment += ": " + context.settings.comment;

  const auto threads = static_cast<std::size_t>(
      context.settings.jobs.value_or(static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))));
  DBR_TRY(const std::string pieces, torrent::hash_pieces(wanted.files, context.dataset.layout().shared(),
                                                         options.piece_length, threads, context.stop));
  DBR_TRY(const std::string infohash, torrent::write_metainfo(path, options, torrent::walk_of(wanted.files), pieces));
  return Json{{"file", path.filename().string()},
              {"infohash", infohash},
              {"files", wanted.files.size()},
              {"bytes", total},
              {"piece_length", options.piece_length}};
}

// Why the release cannot be published yet; empty when it can.
Result<std::string> obstacle(const Context& context, sql::Database& database, const Release& release, ExitCode& code) {
  DBR_TRY(const PostId last, dataset::last_id_before(database, release.spec.cutoff));
  DBR_TRY(const dataset::Drift drift, dataset::drift(database, context.dataset.layout(), release.spec, last));
  DBR_TRY(const bool is_left_out_as_placed, dataset::is_left_out_as_placed(database, release, last));
  if (drift.total() > 0 || !is_left_out_as_placed) {
    code = ExitCode::items_left;
    return std::string(
        "its files, or what is left out, have changed since they were placed; run dbr bucket and dbr export-db again");
  }
  if (context.settings.finish) return std::string();
  if (now() < release.spec.cutoff) {
    return fmt::format("its cut-off {} lies ahead", format_timestamp(release.spec.cutoff));
  }
  DBR_TRY(const dataset::Unsettled left, dataset::unsettled(database, release.spec, last));
  if (left.total() == 0) return std::string();
  code = ExitCode::items_left;
  return left.metadata > 0 ? std::string("its metadata is not complete; run dbr fetch-metadata again")
                           : fmt::format("{} originals and {} ML forms can still be made; run the stages again",
                                         format_count(left.originals), format_count(left.ml_forms));
}

Result<void> publish(sql::Database& database, const dataset::Layout& layout, Release& release) {
  DBR_CHECK(write_checksums(layout.release_metadata(release.spec.name)));
  // Torrents of an earlier publication speak of other files.
  DBR_CHECK(remove_tree(layout.torrents(release.spec.name)));
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  DBR_CHECK(dataset::publish(database, release));
  return transaction.commit();
}

}  // namespace

Result<Report> make_torrent(const Context& context) {
  DBR_TRY(const auto spec, required_release_spec(context.settings));
  const dataset::Layout& layout = context.dataset.layout();
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const auto known, dataset::find_release(database, spec.name));
  DBR_TRY(const auto placed, dataset::placed_release(database));
  if (known && known->state == ReleaseState::finished && (!placed || placed->spec.name != spec.name)) {
    std::error_code error;
    if (!std::filesystem::exists(layout.torrents(spec.name), error)) {
      return fail(ErrorKind::usage,
                  fmt::format("cannot make torrents of {}: {}/ holds {} by now", spec.name, dataset::k_shared_name,
                              placed ? placed->spec.name : "nothing"),
                  fmt::format("dbr bucket --release {} --into DIR lays it out elsewhere", spec.name));
    }
    return make_report("make-torrent",
                       fmt::format("{} is finished, and {}/ holds a newer release", spec.name, dataset::k_shared_name),
                       {{"release", spec.name}, {"state", "finished"}});
  }
  if (!placed || placed->spec.name != spec.name || placed->files_sha256.empty() ||
      placed->exported_files_sha256 != placed->files_sha256) {
    return fail(ErrorKind::usage, fmt::format("cannot make torrents of {}: it is not placed and exported", spec.name),
                fmt::format("run dbr bucket and dbr export-db for {} first", spec.name));
  }
  Release release = *placed;
  auto folder = layout.torrents(spec.name);
  if (release.state == ReleaseState::draft && context.settings.draft) {
    folder /= "draft";
  } else if (release.state == ReleaseState::draft) {
    ExitCode code = ExitCode::ok;
    DBR_TRY(const std::string why_not, obstacle(context, database, release, code));
    if (!why_not.empty()) {
      return make_report(
          "make-torrent",
          fmt::format("{} stays a draft: {}. --finish settles for what there is, --draft tries it", spec.name, why_not),
          {{"release", spec.name}, {"state", "draft"}, {"reason", why_not}}, code);
    }
    if (!context.settings.dry_run) DBR_CHECK(publish(database, layout, release));
  }
  if (context.settings.dry_run) {
    return make_report("make-torrent", fmt::format("would write the torrents of {} to {}", spec.name, folder.string()),
                       {{"release", spec.name}});
  }

  pipeline::Meter& meter = context.progress.start("make-torrent");
  meter.set_total(static_cast<std::int64_t>(dataset::k_series.size()) + 1);
  Json torrents = Json::array();
  std::size_t kept = 0;
  // One series at a time: a list of millions of paths is large.
  const auto make = [&](Result<Wanted> wanted) -> Result<void> {
    if (!wanted) return fail(wanted.error());
    const auto path = folder / fmt::format("{}-{}-000.torrent", dataset::k_shared_name, wanted->series);
    // A published torrent never changes: what is there is right.
    if (release.state == ReleaseState::finished && std::filesystem::exists(path)) {
      ++kept;
    } else if (!wanted->files.empty()) {
      DBR_TRY(Json torrent, write_torrent(context, release, *wanted, path));
      torrents.push_back(std::move(torrent));
    }
    meter.add_done();
    return {};
  };
  for (const dataset::Series series : dataset::k_series) DBR_CHECK(make(collect(database, series)));
  DBR_CHECK(make(collect_metadata(layout, release)));
  if (release.state == ReleaseState::finished) DBR_CHECK(write_feed(database, layout));
  meter.finish();
  return make_report("make-torrent",
                     fmt::format("{}: {} torrents made, {} were there", spec.name, torrents.size(), kept),
                     {{"release", spec.name},
                      {"state", release.state == ReleaseState::finished ? "finished" : "draft"},
                      {"publication", release.publication},
                      {"torrents", torrents}});
}

}  // namespace dbr::stages
