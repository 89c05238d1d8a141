// SPDX-License-Identifier: MIT
#include "successor.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "dbr/dataset/volumes.hpp"
#include "metadata_files.hpp"
#include "volume_list.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Release;

// A run that was killed between the publication and the last torrent leaves them out.
Result<void> check_torrents(sql::Database& database, const dataset::Layout& layout, const Release& placed,
                            std::string_view next) {
  std::vector<std::string> names = {std::string(k_metadata_torrent)};
  DBR_TRY(const auto volumes, dataset::find_volumes(database));
  for (const dataset::Volume& volume : volumes) {
    if (volume.bytes > 0) names.push_back(volume_file(volume));  // without a byte there is none
  }
  const fs::path folder = layout.torrents(placed.spec.name);
  for (const std::string& name : names) {
    std::error_code error;
    if (fs::exists(folder / name, error)) continue;
    return fail(ErrorKind::usage,
                fmt::format("cannot place {}: {} is published, but {} is missing, and cannot be made once another "
                            "release is in {}/",
                            next, placed.spec.name, (folder / name).string(), dataset::k_shared_name),
                fmt::format("run dbr make-torrent for {} first: little of it is left to do", placed.spec.name));
  }
  return {};
}

}  // namespace

Result<void> check_successor(sql::Database& database, const dataset::Layout& layout, const dataset::ReleaseSpec& spec) {
  DBR_TRY(const auto placed, dataset::placed_release(database));
  // A draft that never was published (a mistyped date, perhaps) gives way.
  if (!placed || placed->spec.name == spec.name || placed->publication == 0) return {};
  if (placed->spec.cutoff > spec.cutoff) {
    return fail(
        ErrorKind::usage,
        fmt::format("cannot place {}: {}/ holds {}, which is newer", spec.name, dataset::k_shared_name,
                    placed->spec.name),
        fmt::format("dbr bucket --release {} --into DIR lays a finished release out in another folder", spec.name));
  }
  // A draft of it made anew was placed over what was published.
  if (placed->state == dataset::ReleaseState::draft) return {};
  return check_torrents(database, layout, *placed, spec.name);
}

}  // namespace dbr::stages
