// SPDX-License-Identifier: MIT
// The torrents of a placed release: of each volume one, one of the metadata, and the lists of them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/dataset/release.hpp"
#include "dbr/dataset/volumes.hpp"
#include "dbr/stages/command.hpp"
#include "support.hpp"
#include "volume_torrent.hpp"

namespace dbr::stages {

class TorrentMaker {
 public:
  /// Into `folder`. Torrents of a finished release that are there stay.
  TorrentMaker(const Context& context, sql::Database& database, std::filesystem::path folder,
               const dataset::Release& release, std::vector<dataset::Volume> volumes);

  /// How many torrents there are to make.
  std::size_t missing() const;
  /// Looks at every file and reads what the manifest does not know of: the volumes have their infohash then. Writes
  /// nothing; what can be wrong with the files is found out here.
  Result<void> hash();
  const std::vector<dataset::Volume>& volumes() const { return m_volumes; }
  /// After hash(). `release` may have been published since.
  Result<Report> write(const dataset::Release& release);

 private:
  bool is_kept(const dataset::Volume& volume) const;
  bool is_metadata_kept() const;
  std::filesystem::path path_of(const dataset::Volume& volume) const;
  torrent::Options make_options(std::string_view series) const;
  Result<void> write_volumes();
  Result<void> write_metadata(const dataset::Release& release);

  const Context& m_context;
  sql::Database& m_database;
  const std::filesystem::path m_folder;
  const std::string m_release_name;
  const bool m_was_finished;
  std::vector<dataset::Volume> m_volumes;
  std::vector<std::optional<HashedVolume>> m_hashed;  // of each volume; nothing where there is not a byte
  pipeline::Meter& m_meter;
  Json m_torrents = Json::array();
  ByteCount m_bytes_read = 0;
};

}  // namespace dbr::stages
