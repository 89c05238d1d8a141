// SPDX-License-Identifier: MIT
// make-torrent: publishes a release that is complete (checksums, a publication number, volumes), then writes the
// torrents: of each series its volumes, and one of the metadata. Whatever can be wrong with the files is found before.
#include <fmt/format.h>

#include "checksums.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/volumes.hpp"
#include "release_feed.hpp"
#include "stages.hpp"
#include "support.hpp"
#include "torrent_maker.hpp"
#include "volume_list.hpp"
#include "volume_plan.hpp"

namespace dbr::stages {
namespace {

using dataset::Release;
using dataset::ReleaseState;
using dataset::Volume;

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

std::filesystem::path draft_folder(const dataset::Layout& layout, const Release& release) {
  return layout.torrents(release.spec.name) / "draft";
}

// Numbered and cut into volumes in one transaction; what follows can be done again.
Result<void> publish(sql::Database& database, const dataset::Layout& layout, Release& release,
                     const std::vector<Volume>& volumes) {
  DBR_CHECK(write_checksums(layout.release_metadata(release.spec.name)));
  // Torrents of an earlier publication speak of other files.
  DBR_CHECK(remove_torrents(layout.torrents(release.spec.name)));
  DBR_CHECK(remove_torrents(draft_folder(layout, release)));
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  DBR_CHECK(dataset::publish(database, release));
  DBR_CHECK(dataset::replace_volumes(database, volumes));
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
  const bool is_finished = release.state == ReleaseState::finished;
  const bool is_draft = !is_finished && context.settings.draft;
  const auto folder = is_draft ? draft_folder(layout, release) : layout.torrents(spec.name);
  if (!is_finished && !is_draft) {
    ExitCode code = ExitCode::ok;
    DBR_TRY(const std::string why_not, obstacle(context, database, release, code));
    if (!why_not.empty()) {
      return make_report(
          "make-torrent",
          fmt::format("{} stays a draft: {}. --finish settles for what there is, --draft tries it", spec.name, why_not),
          {{"release", spec.name}, {"state", "draft"}, {"reason", why_not}}, code);
    }
  }
  DBR_TRY(auto volumes, is_finished ? dataset::find_volumes(database) : plan_volumes(context.settings, database));
  TorrentMaker maker(context, database, folder, release, std::move(volumes));
  if (context.settings.dry_run) {
    return make_report("make-torrent",
                       fmt::format("would write {} torrents of {} to {}", maker.missing(), spec.name, folder.string()),
                       {{"release", spec.name}, {"torrents", maker.missing()}});
  }
  DBR_CHECK(maker.hash());
  if (is_draft) DBR_CHECK(remove_torrents(folder));
  if (!is_finished && !is_draft) DBR_CHECK(publish(database, layout, release, maker.volumes()));
  DBR_TRY(Report report, maker.write(release));
  if (release.state == ReleaseState::finished) DBR_CHECK(write_feed(database, layout));
  return report;
}

}  // namespace dbr::stages
