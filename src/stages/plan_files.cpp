// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "dbr/torrent/recheck.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "planned_updates.hpp"
#include "volume_torrent.hpp"

namespace dbr::stages {
namespace {

using torrent::Metainfo;
using torrent::UpdateCost;

constexpr std::size_t k_sha1_size = 20;

UpdateCost cost_by_torrents(torrent::Holdings& holdings, const Metainfo& info) {
  torrent::UpdateCounter counter(info.piece_length, [&](std::size_t piece, torrent::Composition composition) {
    return holdings.find_piece(composition, std::string_view(info.pieces).substr(piece * k_sha1_size, k_sha1_size));
  });
  for (const torrent::File& file : info.files) {
    const std::string path = torrent::path_on_disk(info, file);
    counter.add(path, file.size, holdings.look_up(path, file.size));
  }
  return counter.finish();
}

Result<UpdateCost> cost_by_data(const Context& context, torrent::Holdings& holdings, const Metainfo& info,
                                pipeline::Meter& meter) {
  const auto folder = info.is_single_file ? *context.settings.data : *context.settings.data / info.name;
  const auto readers = static_cast<std::size_t>(context.settings.readers.value_or(k_default_readers));
  DBR_TRY(const torrent::Recheck found,
          torrent::recheck(info, folder, readers, context.stop, [&](ByteCount bytes) { meter.add_bytes(bytes); }));
  torrent::UpdateCounter counter(info.piece_length,
                                 [&](std::size_t piece, torrent::Composition) { return found.is_there[piece]; });
  for (std::size_t i = 0; i < info.files.size(); ++i) {
    const torrent::File& file = info.files[i];
    const std::string path = torrent::path_on_disk(info, file);
    (void)holdings.look_up(path, file.size);  // so that it is not taken for left over
    counter.add(path, file.size, found.is_changed[i] ? torrent::Standing::changed : torrent::Standing::known);
  }
  return counter.finish();
}

}  // namespace

Result<PlannedUpdate> plan_file(torrent::Holdings& holdings, const std::filesystem::path& path) {
  DBR_TRY(const Metainfo info, torrent::read_torrent(path));
  return PlannedUpdate{path.string(), info.infohash, cost_by_torrents(holdings, info)};
}

Result<PlannedUpdate> plan_file_with_data(const Context& context, torrent::Holdings& holdings,
                                          const std::filesystem::path& path, pipeline::Meter& meter) {
  DBR_TRY(const Metainfo info, torrent::read_torrent(path));
  DBR_TRY(const UpdateCost cost, cost_by_data(context, holdings, info, meter));
  return PlannedUpdate{path.string(), info.infohash, cost};
}

}  // namespace dbr::stages
