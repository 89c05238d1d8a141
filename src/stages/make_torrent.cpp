// SPDX-License-Identifier: MIT
// make-torrent: publishes a release that is complete (checksums, a publication number, volumes), then writes the
// torrents: of each series its volumes, and one of the metadata.
#include <fmt/format.h>

#include <algorithm>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/version.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/volumes.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "dbr/torrent/piece_reader.hpp"
#include "dbr/torrent/trackers.hpp"
#include "metadata_files.hpp"
#include "release_feed.hpp"
#include "stages.hpp"
#include "support.hpp"
#include "volume_list.hpp"
#include "volume_plan.hpp"
#include "volume_torrent.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
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

// Numbered and cut into volumes in one transaction; what follows can be done again.
Result<void> publish(sql::Database& database, const dataset::Layout& layout, Release& release,
                     const std::vector<Volume>& volumes) {
  DBR_CHECK(write_checksums(layout.release_metadata(release.spec.name)));
  // Torrents of an earlier publication speak of other files.
  DBR_CHECK(remove_tree(layout.torrents(release.spec.name)));
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  DBR_CHECK(dataset::publish(database, release));
  DBR_CHECK(dataset::replace_volumes(database, volumes));
  return transaction.commit();
}

torrent::Options make_options(const Settings& settings, const Release& release, std::string_view series) {
  torrent::Options options{.name = std::string(dataset::k_shared_name),
                           .web_seeds = settings.web_seeds,
                           .source = settings.source,
                           .created_by = fmt::format("dbr {}", version()),
                           .created_at = settings.creation_date};
  for (const std::string& tier : settings.trackers) options.trackers.push_back(torrent::tracker_tier(tier));
  // The release is named here and in the file's name; the torrent's own name stays the same from year to year.
  options.comment = fmt::format("{} {}", release.spec.name, series);
  if (!settings.comment.empty()) options.comment += ": " + settings.comment;
  return options;
}

// Files change with every release and are few and large: read anew, and compared with the checksums first.
Result<Json> write_metadata_torrent(const Context& context, const Release& release, const fs::path& path) {
  const auto folder = context.dataset.layout().release_metadata(release.spec.name);
  if (release.state == ReleaseState::finished) {
    DBR_TRY(const auto wrong, check_checksums(folder, true, context.stop));
    if (!wrong.empty()) {
      return fail(ErrorKind::corrupt,
                  fmt::format("cannot use '{}': it is not what {} says ({})", (folder / wrong.front().name).native(),
                              k_checksums_name, wrong.front().problem),
                  fmt::format("dbr bucket --reissue and export-db make {} anew", release.spec.name));
    }
  }
  DBR_TRY(const auto files, list_metadata(context.dataset.layout(), release.spec.name));
  const ByteCount total = total_of(files);
  torrent::Options options = make_options(context.settings, release, "metadata");
  options.piece_length = context.settings.piece_size.value_or(torrent::choose_piece_length(total));
  const auto readers = static_cast<std::size_t>(context.settings.readers.value_or(k_default_readers));
  DBR_TRY(const std::string pieces,
          torrent::hash_pieces(files, context.dataset.layout().shared(), options.piece_length, readers, context.stop));
  DBR_TRY(const std::string infohash, torrent::write_metainfo(path, options, torrent::walk_of(files), pieces));
  return Json{{"file", path.filename().string()},     {"infohash", infohash}, {"files", files.size()}, {"bytes", total},
              {"piece_length", options.piece_length}, {"bytes_read", total}};
}

class TorrentMaker {
 public:
  TorrentMaker(const Context& context, sql::Database& database, fs::path folder, std::vector<Volume> volumes)
      : m_context(context),
        m_database(database),
        m_folder(std::move(folder)),
        m_volumes(std::move(volumes)),
        m_meter(context.progress.start("make-torrent")) {}

  const std::vector<Volume>& volumes() const { return m_volumes; }

  // Every file is looked at before anything is published. Torrents of a finished release that are there stay.
  Result<void> hash(bool is_finished) {
    std::int64_t files = 1;
    for (const Volume& volume : m_volumes) files += volume.files;
    m_meter.set_total(files);
    for (const Volume& volume : m_volumes) {
      std::error_code error;
      const bool is_there = is_finished && !volume.infohash.empty() && fs::exists(path_of(volume), error);
      if (is_there || volume.bytes == 0) {  // without a byte, all of its files have left it
        m_kept += is_there ? 1 : 0;
        m_meter.add_done(volume.files);
        m_hashed.emplace_back();
        continue;
      }
      DBR_TRY(auto hashed, hash_volume(m_context, volume, m_meter));
      m_bytes_read += hashed.bytes_read;
      m_hashed.push_back(std::move(hashed));
    }
    return {};
  }

  Result<void> write(const Release& release) {
    for (std::size_t i = 0; i < m_volumes.size(); ++i) {
      if (!m_hashed[i].pieces.empty()) DBR_CHECK(write(release, m_volumes[i], m_hashed[i]));
    }
    const fs::path path = m_folder / k_metadata_torrent;
    std::error_code error;
    if (release.state == ReleaseState::finished && fs::exists(path, error)) {
      ++m_kept;
    } else {
      DBR_TRY(Json made, write_metadata_torrent(m_context, release, path));
      m_torrents.push_back(std::move(made));
    }
    DBR_CHECK(write_volume_list(m_folder, release, m_volumes, m_database));
    m_meter.add_done();
    m_meter.finish();
    return {};
  }

  Report report(const Release& release) const {
    return make_report("make-torrent",
                       fmt::format("{}: {} torrents made, {} were there; {} read", release.spec.name, m_torrents.size(),
                                   m_kept, format_bytes(m_bytes_read)),
                       {{"release", release.spec.name},
                        {"state", release.state == ReleaseState::finished ? "finished" : "draft"},
                        {"publication", release.publication},
                        {"bytes_read", m_bytes_read},
                        {"torrents", m_torrents}});
  }

 private:
  fs::path path_of(const Volume& volume) const { return m_folder / volume_file(volume); }

  Result<void> write(const Release& release, Volume& volume, const HashedVolume& hashed) {
    const bool is_as_before = !volume.infohash.empty();
    const auto options = make_options(m_context.settings, release, dataset::name_of(volume.series));
    DBR_CHECK(write_volume(m_database, volume, options, hashed.pieces, path_of(volume)));
    if (release.state == ReleaseState::finished) {
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      DBR_CHECK(dataset::record_torrent(m_database, volume));
      DBR_CHECK(transaction.commit());
    }
    m_torrents.push_back({{"file", volume_file(volume)},
                          {"infohash", volume.infohash},
                          {"files", volume.files},
                          {"bytes", volume.bytes},
                          {"piece_length", volume.piece_length},
                          {"is_sealed", volume.is_sealed},
                          {"is_as_before", is_as_before},
                          {"pieces_read", hashed.pieces_read},
                          {"bytes_read", hashed.bytes_read}});
    return {};
  }

  const Context& m_context;
  sql::Database& m_database;
  const fs::path m_folder;
  std::vector<Volume> m_volumes;
  std::vector<HashedVolume> m_hashed;  // of each volume; without pieces where there is nothing to write
  pipeline::Meter& m_meter;
  Json m_torrents = Json::array();
  std::size_t m_kept = 0;
  ByteCount m_bytes_read = 0;
};

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
  auto folder = layout.torrents(spec.name);
  if (!is_finished && context.settings.draft) {
    folder /= "draft";
  } else if (!is_finished) {
    ExitCode code = ExitCode::ok;
    DBR_TRY(const std::string why_not, obstacle(context, database, release, code));
    if (!why_not.empty()) {
      return make_report(
          "make-torrent",
          fmt::format("{} stays a draft: {}. --finish settles for what there is, --draft tries it", spec.name, why_not),
          {{"release", spec.name}, {"state", "draft"}, {"reason", why_not}}, code);
    }
  }
  if (context.settings.dry_run) {
    return make_report("make-torrent", fmt::format("would write the torrents of {} to {}", spec.name, folder.string()),
                       {{"release", spec.name}});
  }

  DBR_TRY(auto volumes, is_finished ? dataset::find_volumes(database) : plan_volumes(context.settings, database));
  TorrentMaker maker(context, database, folder, std::move(volumes));
  DBR_CHECK(maker.hash(is_finished));
  if (!is_finished && !context.settings.draft) DBR_CHECK(publish(database, layout, release, maker.volumes()));
  DBR_CHECK(maker.write(release));
  if (release.state == ReleaseState::finished) DBR_CHECK(write_feed(database, layout));
  return maker.report(release);
}

}  // namespace dbr::stages
