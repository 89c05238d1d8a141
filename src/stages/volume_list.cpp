// SPDX-License-Identifier: MIT
#include "volume_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/file.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "release_feed.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Volume;

constexpr int k_schema_version = 1;

Result<std::string> release_of(sql::Database& database, std::int64_t publication) {
  DBR_TRY(auto select, database.prepare("SELECT release FROM publication WHERE number = ?"));
  select.bind(1, publication);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? std::string(select.text(0)) : std::string();
}

// Of the metadata, whose torrent is no volume: made anew by each publication.
Result<Json> metadata_facts(const fs::path& path) {
  DBR_TRY(const std::string document, read_file(path));
  DBR_TRY(const torrent::Metainfo info, torrent::parse_metainfo(document));
  ByteCount bytes = 0;
  for (const torrent::File& file : info.files) bytes += file.size;
  return Json{{"series", "metadata"},
              {"volume", 0},
              {"files", info.files.size()},
              {"bytes", bytes},
              {"piece_length", info.piece_length}};
}

Json volume_facts(const Volume& volume) {
  return {{"series", dataset::name_of(volume.series)},
          {"volume", volume.number},
          {"files", volume.files},
          {"bytes", volume.bytes},
          {"piece_length", volume.piece_length}};
}

}  // namespace

std::string volume_file(const Volume& volume) {
  return fmt::format("{}-{}-{:03}.torrent", dataset::k_shared_name, dataset::name_of(volume.series), volume.number);
}

Result<void> write_volume_list(const fs::path& folder, const dataset::Release& release,
                               const std::vector<Volume>& volumes, sql::Database& database) {
  DBR_TRY(const auto torrents, torrents_in(folder));
  Json list = Json::array();
  std::string magnets;
  for (const exports::FeedTorrent& torrent : torrents) {
    const std::string name = fs::path(torrent.path).filename().string();
    const auto volume = std::ranges::find(volumes, name, volume_file);
    Json facts{{"file", name}, {"infohash", torrent.infohash}, {"metafile_bytes", torrent.size}};
    std::string since = release.spec.name;
    if (volume == volumes.end()) {
      DBR_TRY(const Json others, metadata_facts(folder / name));
      facts.update(others);
      facts["is_sealed"] = false;
    } else {
      facts.update(volume_facts(*volume));
      facts["is_sealed"] = volume->is_sealed;
      DBR_TRY(const std::string made_for, release_of(database, volume->publication));
      if (!made_for.empty()) since = made_for;
    }
    // Its torrent is this one since then: who has it needs no other.
    facts["since"] = since;
    facts["magnet"] = torrent.magnet;
    magnets += torrent.magnet + "\n";
    list.push_back(std::move(facts));
  }
  const Json document{{"schema_version", k_schema_version},
                      {"release", release.spec.name},
                      {"publication", release.publication},
                      {"name", dataset::k_shared_name},
                      {"torrents", list}};
  DBR_CHECK(write_file_atomically(folder / "volumes.json", document.dump(2) + "\n"));
  return write_file_atomically(folder / "magnets.txt", magnets);
}

}  // namespace dbr::stages
