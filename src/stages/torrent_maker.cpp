// SPDX-License-Identifier: MIT
#include "torrent_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "checksums.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/base/version.hpp"
#include "dbr/torrent/piece_reader.hpp"
#include "dbr/torrent/trackers.hpp"
#include "metadata_files.hpp"
#include "support.hpp"
#include "volume_list.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Release;
using dataset::ReleaseState;
using dataset::Volume;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// Bytes that were published are compared with the checksums first.
Result<void> check_metadata(const Context& context, const Release& release) {
  const auto folder = context.dataset.layout().release_metadata(release.spec.name);
  DBR_TRY(const auto wrong, check_checksums(folder, true, context.stop));
  if (wrong.empty()) return {};
  return fail(ErrorKind::corrupt,
              fmt::format("cannot use '{}': it is not what {} says ({})", (folder / wrong.front().name).native(),
                          k_checksums_name, wrong.front().problem),
              fmt::format("dbr bucket --reissue and export-db make {} anew", release.spec.name));
}

}  // namespace

TorrentMaker::TorrentMaker(const Context& context, sql::Database& database, fs::path folder, const Release& release,
                           std::vector<Volume> volumes)
    : m_context(context),
      m_database(database),
      m_folder(std::move(folder)),
      m_release_name(release.spec.name),
      m_was_finished(release.state == ReleaseState::finished),
      m_volumes(std::move(volumes)),
      m_hashed(m_volumes.size()),
      m_meter(context.progress.start("make-torrent")) {}

fs::path TorrentMaker::path_of(const Volume& volume) const {
  return m_folder / volume_file(volume);
}

bool TorrentMaker::is_kept(const Volume& volume) const {
  return m_was_finished && is_there(path_of(volume));
}

bool TorrentMaker::is_metadata_kept() const {
  return m_was_finished && is_there(m_folder / k_metadata_torrent);
}

std::size_t TorrentMaker::missing() const {
  const auto volumes = std::ranges::count_if(m_volumes, [&](const Volume& v) { return v.bytes > 0 && !is_kept(v); });
  return static_cast<std::size_t>(volumes) + (is_metadata_kept() ? 0 : 1);
}

torrent::Options TorrentMaker::make_options(std::string_view series) const {
  const Settings& settings = m_context.settings;
  torrent::Options options{.name = std::string(dataset::k_shared_name),
                           .web_seeds = settings.web_seeds,
                           .source = settings.source,
                           .created_by = fmt::format("dbr {}", version()),
                           .created_at = settings.creation_date};
  for (const std::string& tier : settings.trackers) options.trackers.push_back(torrent::tracker_tier(tier));
  // The release is named here and in the file's name; the torrent's own name stays the same from year to year.
  options.comment = fmt::format("{} {}", m_release_name, series);
  if (!settings.comment.empty()) options.comment += ": " + settings.comment;
  return options;
}

Result<void> TorrentMaker::hash() {
  std::int64_t files = 1;
  for (const Volume& volume : m_volumes) files += volume.files;
  m_meter.set_total(files);
  for (std::size_t i = 0; i < m_volumes.size(); ++i) {
    Volume& volume = m_volumes[i];
    if (volume.bytes == 0) {  // clients refuse torrents without a byte
      m_meter.add_done(volume.files);
      continue;
    }
    DBR_TRY(m_hashed[i],
            hash_volume(m_context, m_database, volume, make_options(dataset::name_of(volume.series)), m_meter));
    m_bytes_read += m_hashed[i]->bytes_read;
  }
  return {};
}

Result<void> TorrentMaker::write_volumes() {
  for (std::size_t i = 0; i < m_volumes.size(); ++i) {
    const Volume& volume = m_volumes[i];
    if (!m_hashed[i] || is_kept(volume)) continue;
    DBR_CHECK(write_volume(m_database, volume, *m_hashed[i], path_of(volume)));
    m_torrents.push_back({{"file", volume_file(volume)},
                          {"infohash", volume.infohash},
                          {"files", volume.files},
                          {"bytes", volume.bytes},
                          {"piece_length", volume.piece_length},
                          {"is_sealed", volume.is_sealed},
                          {"is_as_before", m_hashed[i]->is_as_before},
                          {"pieces_read", m_hashed[i]->pieces_read},
                          {"bytes_read", m_hashed[i]->bytes_read}});
  }
  return {};
}

// Its files change with every publication and are few and large: all are read.
Result<void> TorrentMaker::write_metadata(const Release& release) {
  const dataset::Layout& layout = m_context.dataset.layout();
  if (release.state == ReleaseState::finished) DBR_CHECK(check_metadata(m_context, release));
  DBR_TRY(const auto files, list_metadata(layout, m_release_name));
  const ByteCount total = torrent::total_size(files);
  torrent::Options options = make_options("metadata");
  options.piece_length = m_context.settings.piece_size.value_or(torrent::choose_piece_length(total));
  const auto readers = static_cast<std::size_t>(m_context.settings.readers.value_or(k_default_readers));
  DBR_TRY(const std::string pieces,
          torrent::hash_pieces(files, layout.shared(), options.piece_length, readers, m_context.stop));
  DBR_TRY(const std::string infohash,
          torrent::write_metainfo(m_folder / k_metadata_torrent, options, torrent::walk_of(files), pieces));
  m_torrents.push_back({{"file", k_metadata_torrent},
                        {"infohash", infohash},
                        {"files", files.size()},
                        {"bytes", total},
                        {"piece_length", options.piece_length},
                        {"bytes_read", total}});
  return {};
}

Result<Report> TorrentMaker::write(const Release& release) {
  const auto kept = std::ranges::count_if(m_volumes, [&](const Volume& volume) { return is_kept(volume); }) +
                    (is_metadata_kept() ? 1 : 0);
  DBR_CHECK(write_volumes());
  if (!is_metadata_kept()) DBR_CHECK(write_metadata(release));
  DBR_CHECK(write_volume_list(m_folder, release, m_volumes, m_database));
  m_meter.add_done();
  m_meter.finish();
  return make_report("make-torrent",
                     fmt::format("{}: {} torrents made, {} were there; {} read", m_release_name, m_torrents.size(),
                                 kept, format_bytes(m_bytes_read)),
                     {{"release", m_release_name},
                      {"state", release.state == ReleaseState::finished ? "finished" : "draft"},
                      {"publication", release.publication},
                      {"bytes_read", m_bytes_read},
                      {"torrents", m_torrents}});
}

}  // namespace dbr::stages
