// SPDX-License-Identifier: MIT
#include "volume_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/file.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "metadata_files.hpp"
#include "release_feed.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Volume;

constexpr int k_schema_version = 1;
constexpr std::string_view k_list_name = "volumes.json";
constexpr std::string_view k_magnets_name = "magnets.txt";

Result<std::string> release_of(sql::Database& database, std::int64_t publication) {
  DBR_TRY(auto select, database.prepare("SELECT release FROM publication WHERE number = ?"));
  select.bind(1, publication);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? std::string(select.text(0)) : std::string();
}

// Of the metadata, whose torrent is no volume: made anew by each publication.
Result<Json> metadata_facts(const fs::path& path) {
  DBR_TRY(const torrent::Metainfo info, torrent::read_torrent(path));
  return Json{{"series", "metadata"},
              {"volume", 0},
              {"files", info.files.size()},
              {"bytes", torrent::total_size(info.files)},
              {"piece_length", info.piece_length},
              {"is_sealed", false}};
}

Json volume_facts(const Volume& volume) {
  return {{"series", dataset::name_of(volume.series)},
          {"volume", volume.number},
          {"files", volume.files},
          {"bytes", volume.bytes},
          {"piece_length", volume.piece_length},
          {"is_sealed", volume.is_sealed}};
}

// "danbooru-sfw-512px-000.torrent", of whatever number; or what a killed run left of it.
bool is_made_by_us(std::string_view name) {
  if (name.starts_with('.') && name.ends_with(".part")) name = name.substr(1, name.rfind('.') - 1);  // AtomicFile
  if (name == k_list_name || name == k_magnets_name || name == k_metadata_torrent) return true;
  return std::ranges::any_of(dataset::k_series, [&](dataset::Series series) {
    const std::string begin = fmt::format("{}-{}-", dataset::k_shared_name, dataset::name_of(series));
    constexpr std::string_view k_end = ".torrent";
    return name.size() > begin.size() + k_end.size() && name.starts_with(begin) && name.ends_with(k_end) &&
           std::ranges::all_of(name.substr(begin.size(), name.size() - begin.size() - k_end.size()),
                               [](char c) { return c >= '0' && c <= '9'; });
  });
}

}  // namespace

std::string volume_file(const Volume& volume) {
  return fmt::format("{}-{}-{:03}.torrent", dataset::k_shared_name, dataset::name_of(volume.series), volume.number);
}

Result<void> remove_torrents(const fs::path& folder) {
  std::vector<fs::path> ours;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    if (is_made_by_us(entry->path().filename().native())) ours.push_back(entry->path());
  }
  for (const fs::path& path : ours) DBR_CHECK(remove_file(path));
  fs::remove(folder, error);  // when nothing else is in it
  return {};
}

Result<void> write_volume_list(const fs::path& folder, const dataset::Release& release,
                               const std::vector<Volume>& volumes, sql::Database& database) {
  Json list = Json::array();
  std::string magnets;
  const auto add = [&](const exports::FeedTorrent& torrent, Json facts, std::string_view since,
                       std::int64_t publication) {
    Json entry = {{"file", fs::path(torrent.path).filename().string()},
                  {"infohash", torrent.infohash},
                  {"metafile_bytes", torrent.size}};
    entry.update(facts);
    // Its torrent is this one since then: who has it needs no other.
    entry["since"] = since;
    entry["since_publication"] = publication;
    entry["magnet"] = torrent.magnet;
    magnets += torrent.magnet + "\n";
    list.push_back(std::move(entry));
  };
  for (const Volume& volume : volumes) {
    if (volume.infohash.empty()) continue;
    const fs::path path = folder / volume_file(volume);
    DBR_TRY(const auto torrent, describe_torrent(path));
    if (torrent.infohash != volume.infohash) {
      return fail(ErrorKind::corrupt,
                  fmt::format("{} is not the torrent that was published: its infohash is {}, not {}", path.string(),
                              torrent.infohash, volume.infohash),
                  "remove it and run dbr make-torrent again");
    }
    DBR_TRY(const std::string since, release_of(database, volume.publication));
    add(torrent, volume_facts(volume), since.empty() ? release.spec.name : since, volume.publication);
  }
  const fs::path metadata = folder / k_metadata_torrent;
  DBR_TRY(const auto torrent, describe_torrent(metadata));
  DBR_TRY(Json facts, metadata_facts(metadata));
  add(torrent, std::move(facts), release.spec.name, release.publication);
  const Json document{{"schema_version", k_schema_version},
                      {"release", release.spec.name},
                      {"publication", release.publication},
                      {"name", dataset::k_shared_name},
                      {"torrents", list}};
  DBR_CHECK(write_file_atomically(folder / k_list_name, document.dump(2) + "\n"));
  return write_file_atomically(folder / k_magnets_name, magnets);
}

}  // namespace dbr::stages
