// SPDX-License-Identifier: MIT
// Which clients load a .torrent, and what in it harms people who do. Pure: facts of parsed metainfo in, verdicts out.
// Limits are numbers, not guesses: measured with the client (libtorrent 2.0.8, qBittorrent-nox 4.5.2,
// Transmission 3.00, aria2 1.36), read in its source, or reported by others.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

enum class Verdict { loads, risky, refuses };
enum class Basis { measured, source, reported };

std::string_view to_string(Verdict verdict);
std::string_view to_string(Basis basis);

struct ClientVerdict {
  std::string_view client;  ///< for scripts: "libtorrent"
  std::string_view title;   ///< for people: "libtorrent 2.0.11 and older"
  Verdict verdict = Verdict::loads;
  Basis basis = Basis::measured;
  std::string reason;  ///< in numbers
};

/// Always the same clients in the same order.
std::vector<ClientVerdict> judge_clients(const Metainfo& info);

/// error: people lose data, or clients get in each other's way.
enum class Severity { warning, error };

std::string_view to_string(Severity severity);

struct Finding {
  Severity severity = Severity::warning;
  std::string_view kind;  ///< for scripts: "case"
  std::int64_t count = 0;
  std::string message;  ///< may hold names from the torrent: for a terminal it goes through printable()
};

/// Time: some passes over the list. Memory: 8 bytes a file.
std::vector<Finding> find_hazards(const Metainfo& info);

/// What is wrong between the torrents of one release: clients that have two of them loaded write into each other's
/// files when both hold one path. Memory: 24 bytes for each path. One thread at a time.
class TorrentSet {
 public:
  /// `file` is what messages call it.
  void add(std::string_view file, const Metainfo& info);
  std::vector<Finding> findings() const;

 private:
  using Fingerprint = std::pair<std::uint64_t, std::uint64_t>;  // of a path: half of its SHA-256
  using Mark = std::pair<Fingerprint, std::size_t>;             // and the torrent that holds it
  struct Shared {
    std::int64_t count = 0;
    std::string example;
  };

  std::vector<std::string> m_files;
  std::map<std::string, std::size_t> m_infohashes;  // and the first torrent that has it
  std::map<std::string, std::size_t> m_names;
  std::vector<Mark> m_marks;                                         // sorted
  std::map<std::pair<std::size_t, std::size_t>, Shared> m_shared;    // by both torrents
  std::vector<std::pair<std::size_t, std::size_t>> m_same_torrents;  // an earlier one, and the one that repeats it
};

}  // namespace dbr::torrent
