// SPDX-License-Identifier: MIT
#include "verify_releases.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "checksums.hpp"
#include "dbr/base/log.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "verify_read.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

Result<std::set<std::string>> names_in(const fs::path& folder, bool are_folders) {
  std::set<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) == are_folders) names.insert(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(error_from_errno(error.value(), "list", folder.string()));
  }
  return names;
}

class TorrentCheck {
 public:
  TorrentCheck(sql::Database& database, const dataset::Layout& layout, std::size_t threads, const StopToken& stop,
               dataset::Findings& findings)
      : m_database(database), m_layout(layout), m_threads(threads), m_stop(stop), m_findings(findings) {}

  Result<void> run(const fs::path& path) {
    const auto info = torrent::read_torrent(path);
    if (!info && info.error().kind != ErrorKind::corrupt) return report(path, "unreadable");
    if (!info || info->name != dataset::k_shared_name) return report(path, "pieces");
    // Pieces cannot be hashed around a file that is missing or has another size.
    for (const torrent::File& file : info->files) {
      if (look_at(m_layout.shared() / file.path).size == file.size) continue;
      DBR_TRY(const bool is_explained, is_broken(file));
      if (!is_explained) return report(path, "pieces");
      log::warning("the pieces of {} are not checked: {} has to be repaired first", path.filename().string(),
                   file.path);
      return {};
    }
    DBR_TRY(const std::string pieces,
            torrent::hash_pieces(info->files, m_layout.shared(), info->piece_length, m_threads, m_stop));
    for (std::size_t at = 0; at < pieces.size(); at += torrent::k_sha1_size) {
      if (pieces.compare(at, torrent::k_sha1_size, info->pieces, at, torrent::k_sha1_size) == 0) continue;
      const ByteCount begin = static_cast<ByteCount>(at / torrent::k_sha1_size) * info->piece_length;
      DBR_TRY(const bool is_explained, has_broken_file(*info, begin, begin + info->piece_length));
      if (!is_explained) return report(path, "pieces");
    }
    return {};
  }

 private:
  Result<void> report(const fs::path& path, std::string problem) {
    return m_findings.add({.path = path.lexically_relative(m_layout.root()).string(),
                           .problem = std::move(problem),
                           .role = dataset::Role::release});
  }

  // The file is not what the manifest says: a problem of its own, in this part or another, and not the torrent's.
  Result<bool> is_broken(const torrent::File& file) {
    const fs::path path = m_layout.shared() / file.path;
    const auto name = m_layout.parse_shared_path(file.path);
    if (!name) {
      DBR_TRY(const auto known, m_findings.find(path.lexically_relative(m_layout.root()).string()));
      return known.has_value();
    }
    DBR_TRY(const auto post, dataset::find_known(m_database, name->id, DigestKind::sha256));
    if (!post) return false;
    for (const auto& placed : post->placed) {
      if (m_layout.shared_path(placed.series, post->id, placed.file_ext) != file.path) continue;
      const ReadFacts facts = read_through(path, DigestKind::sha256, false);
      return !facts.problem.empty() || dataset::Bytes{facts.size, facts.digest} != placed.bytes;
    }
    return false;
  }

  // Among those with a byte in begin..end.
  Result<bool> has_broken_file(const torrent::Metainfo& info, ByteCount begin, ByteCount end) {
    ByteCount file_begin = 0;
    for (const torrent::File& file : info.files) {
      if (file_begin >= end) break;
      if (file_begin + file.size > begin) {
        DBR_TRY(const bool is_bad, is_broken(file));
        if (is_bad) return true;
      }
      file_begin += file.size;
    }
    return false;
  }

  sql::Database& m_database;
  const dataset::Layout& m_layout;
  const std::size_t m_threads;
  const StopToken& m_stop;
  dataset::Findings& m_findings;
};

}  // namespace

Result<void> check_releases(sql::Database& database, const dataset::Layout& layout, const dataset::Part& part,
                            Depth depth, const StopToken& stop, dataset::Findings& findings) {
  DBR_TRY(const auto finished, dataset::finished_releases(database));
  std::set<std::string> names(finished.begin(), finished.end());
  DBR_TRY(const auto folders, names_in(layout.release_metadata(""), true));
  for (const std::string& name : folders) {
    std::error_code error;  // without checksums it is a draft
    if (fs::exists(layout.release_metadata(name) / k_checksums_name, error)) names.insert(name);
  }
  for (const std::string& name : names) {
    if (!is_in_part(part, name)) continue;
    const fs::path folder = layout.release_metadata(name);
    DBR_TRY(const auto wrong, check_checksums(folder, depth != Depth::size, stop));
    for (const WrongFile& file : wrong) {
      DBR_CHECK(findings.add({.path = (folder / file.name).lexically_relative(layout.root()).string(),
                              .problem = file.problem,
                              .role = dataset::Role::release}));
    }
  }
  return {};
}

Result<void> check_pieces(sql::Database& database, const dataset::Layout& layout, const dataset::Part& part,
                          std::size_t threads, const StopToken& stop, dataset::Findings& findings) {
  DBR_TRY(const auto placed, dataset::placed_release(database));
  // A draft's files have changed since any torrents there may be of it.
  if (!placed || placed->state != dataset::ReleaseState::finished) return {};
  const fs::path folder = layout.torrents(placed->spec.name);
  DBR_TRY(const auto names, names_in(folder, false));
  TorrentCheck check(database, layout, threads, stop, findings);
  for (const std::string& name : names) {
    // The metadata's goes with the folder it is about.
    const bool is_of_metadata = name.find("-metadata-") != std::string::npos;
    if (!name.ends_with(".torrent") || !is_in_part(part, is_of_metadata ? placed->spec.name : name)) continue;
    DBR_CHECK(check.run(folder / name));
  }
  return {};
}

}  // namespace dbr::stages
