// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <system_error>

#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/torrent/recheck.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "planned_updates.hpp"
#include "saved_folder.hpp"
#include "volume_torrent.hpp"

namespace dbr::stages {
namespace {

using torrent::Metainfo;
using torrent::UpdateCost;

UpdateCost cost_by_torrents(torrent::Holdings& holdings, const Metainfo& info) {
  torrent::UpdateCounter counter(info.piece_length, [&](std::size_t piece, torrent::Composition composition) {
    return holdings.find_piece(
        composition, std::string_view(info.pieces).substr(piece * torrent::k_sha1_size, torrent::k_sha1_size));
  });
  for (const torrent::File& file : info.files) {
    const std::string path = torrent::path_on_disk(info, file);
    counter.add(path, file.size, holdings.look_up(path, file.size));
  }
  return counter.finish();
}

/// Where the torrent's paths begin. A client that finds no folder of that name makes one, and everything anew.
Result<std::filesystem::path> find_data(const std::filesystem::path& dir, const Metainfo& info) {
  std::error_code error;
  if (!std::filesystem::is_directory(dir, error)) {
    return fail(ErrorKind::usage, fmt::format("cannot look into {}: it is not a folder", printable(dir.string())));
  }
  if (info.is_single_file) return dir;
  auto folder = find_saved_folder(dir, info.name);
  if (folder) return folder;
  log::warning("{} holds no folder {}: a client finds nothing there", printable(dir.string()), printable(info.name));
  return dir / info.name;
}

Result<UpdateCost> cost_by_data(const Context& context, torrent::Holdings& holdings, const Metainfo& info,
                                pipeline::Meter& meter) {
  DBR_TRY(const auto folder, find_data(*context.settings.data, info));
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
