// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

#include "dbr/base/log.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "metadata_files.hpp"
#include "planned_updates.hpp"
#include "volume_list.hpp"
#include "volume_plan.hpp"

namespace dbr::stages {
namespace {

/// What make-torrent would list. The manifest knows the bytes of every placed file by its edition, so that no piece has
/// to be hashed.
class ReleasePlan {
 public:
  explicit ReleasePlan(torrent::Holdings& holdings) : m_holdings(holdings) {}

  void begin(ByteCount piece_length) {
    m_counter.emplace(piece_length, [](std::size_t, torrent::Composition) { return std::nullopt; });
  }
  /// `edition` 0: not known.
  void add(const torrent::File& file, std::int64_t edition) {
    const std::string path = torrent::path_on_disk(dataset::k_shared_name, file);
    m_counter->add(path, file.size, m_holdings.look_up(path, file.size, edition));
  }
  void end(std::string torrent, std::string infohash) {
    const torrent::UpdateCost cost = m_counter->finish();
    // Without a byte there is no torrent.
    if (cost.total_bytes > 0) m_updates.push_back({std::move(torrent), std::move(infohash), cost});
  }
  std::vector<PlannedUpdate> take() { return std::exchange(m_updates, {}); }

 private:
  torrent::Holdings& m_holdings;
  std::optional<torrent::UpdateCounter> m_counter;
  std::vector<PlannedUpdate> m_updates;
};

}  // namespace

Result<std::vector<PlannedUpdate>> plan_release(const Context& context, sql::Database& database,
                                                const dataset::Layout& layout, torrent::Holdings& holdings) {
  DBR_TRY(const auto release, dataset::placed_release(database));
  if (!release || release->files_sha256.empty()) {
    return fail(ErrorKind::usage, "cannot plan the release's torrents: none is placed",
                "run dbr bucket and dbr export-db first, or name .torrent files");
  }
  if (release->exported_files_sha256 != release->files_sha256) {
    log::warning("{} is not exported yet: its metadata counts as it lies there now", release->spec.name);
  }
  const bool is_finished = release->state == dataset::ReleaseState::finished;
  DBR_TRY(const auto volumes, is_finished ? dataset::find_volumes(database) : plan_volumes(context.settings, database));
  pipeline::Meter& meter = context.progress.start("torrent plan");
  std::int64_t files = 0;
  for (const dataset::Volume& volume : volumes) files += volume.files;
  meter.set_total(files);
  ReleasePlan plan(holdings);
  for (const dataset::Volume& volume : volumes) {
    plan.begin(volume.piece_length);
    DBR_CHECK(dataset::for_each_placed(database, volume.series, volume.first, volume.last,
                                       [&](const dataset::PlacedFile& file) -> Result<void> {
                                         if (context.stop.is_stopping())
                                           return fail(ErrorKind::cancelled, "interrupted while planning");
                                         plan.add({file.path, file.size}, file.edition);
                                         meter.add_done();
                                         return {};
                                       }));
    plan.end(volume_file(volume), volume.infohash);
  }
  meter.finish();
  auto updates = plan.take();
  const auto metadata_torrent = layout.torrents(release->spec.name) / k_metadata_torrent;
  std::error_code error;
  if (is_finished && std::filesystem::exists(metadata_torrent, error)) {
    DBR_TRY(auto metadata, plan_file(holdings, metadata_torrent));
    metadata.torrent = k_metadata_torrent;
    updates.push_back(std::move(metadata));
  } else {
    DBR_TRY(const auto metadata, list_metadata_to_be(layout, release->spec.name));
    plan.begin(context.settings.piece_size.value_or(torrent::choose_piece_length(torrent::total_size(metadata))));
    for (const torrent::File& file : metadata) plan.add(file, 0);
    plan.end(std::string(k_metadata_torrent), {});
    updates.push_back(plan.take().front());
  }
  return updates;
}

}  // namespace dbr::stages
