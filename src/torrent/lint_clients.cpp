// SPDX-License-Identifier: MIT
// The table of clients. A limit stands here once, in the words of its client: the largest value that still loads.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/units.hpp"
#include "dbr/torrent/lint.hpp"
#include "rules.hpp"

namespace dbr::torrent {
namespace {

/// What a client may set a limit to.
struct Facts {
  std::int64_t document_size = 0, info_size = 0, items = 0, files = 0, pieces = 0, piece_length = 0, largest = 0,
               total = 0;
};

/// One limit: what is counted, how much of it a client takes, and what it does about more.
struct Limit {
  std::int64_t Facts::*fact;
  std::string_view unit;
  std::int64_t most;
  Verdict beyond = Verdict::refuses;
  std::string_view why = {};  ///< said when it is passed
};

struct Client {
  std::string_view name;
  std::string_view title;
  Basis basis;
  std::vector<Limit> limits;
  std::int64_t memory_for_million = 0;  ///< bytes it takes for a million files, by measurement; 0: not known
};

constexpr std::int64_t k_mib = std::int64_t{1} << 20;
constexpr std::int64_t k_much_memory = 1'000'000'000;

constexpr std::string_view k_document = "bytes of .torrent", k_info = "bytes of metadata", k_items = "bencoded items",
                           k_pieces = "pieces", k_files = "files";

// libtorrent 2.0.8, each found by loading one more: "metadata too large", "item count limit exceeded", "too many
// pieces", "invalid piece length", "invalid length".
constexpr Limit k_libtorrent_pieces{&Facts::pieces, k_pieces, 2'097'152};
constexpr Limit k_libtorrent_piece_length{&Facts::piece_length, "bytes a piece", (std::int64_t{1} << 30) - 1};
constexpr Limit k_libtorrent_file{&Facts::largest, "bytes in a file", (std::int64_t{1} << 44) - (1 << 14) - 1};
constexpr Limit k_libtorrent_total{&Facts::total, "bytes of files", (std::int64_t{1} << 48) - 1};
constexpr Limit k_libtorrent_items{&Facts::items, k_items, 3'000'000};

const std::vector<Client>& clients() {
  static const std::vector<Client> k_clients = {
      {"libtorrent",
       "libtorrent 2.0.11 and older, by file name",
       Basis::measured,
       {{&Facts::document_size, k_document, 10'000'000},
        k_libtorrent_items,
        k_libtorrent_pieces,
        k_libtorrent_piece_length,
        k_libtorrent_file,
        k_libtorrent_total}},
      {"libtorrent-buffer",
       "the same, its buffer raised",
       Basis::measured,
       {k_libtorrent_items, k_libtorrent_pieces, k_libtorrent_piece_length, k_libtorrent_file, k_libtorrent_total}},
      {"libtorrent-magnet",
       "the same, from a magnet link",
       Basis::source,
       {{&Facts::info_size, k_info, 31'457'280},
        k_libtorrent_pieces,
        k_libtorrent_piece_length,
        k_libtorrent_file,
        k_libtorrent_total}},
      {"qbittorrent",
       "qBittorrent 4.1 and later",
       Basis::measured,
       {{&Facts::document_size, k_document, 100 * k_mib},
        {&Facts::items, k_items, 10'000'000},
        k_libtorrent_pieces,
        k_libtorrent_piece_length,
        k_libtorrent_file,
        k_libtorrent_total,
        {&Facts::document_size, k_document, 84'000'000, Verdict::risky, "its web interface takes no more"}}},
      {"transmission", "Transmission", Basis::measured, {}, 1'060'000'000},
      {"aria2", "aria2", Basis::measured, {}, 3'500'000'000},
      {"rtorrent",
       "rtorrent",
       Basis::reported,
       {{&Facts::files, k_files, 10'000, Verdict::risky, "it opens them one by one, a slow start"}}},
      {"rtorrent-magnet", "rtorrent, from a magnet link", Basis::source, {{&Facts::info_size, k_info, 64 * k_mib}}},
      {"utorrent", "uTorrent", Basis::reported, {{&Facts::pieces, k_pieces, 65'535}}},
      {"torf", "torf", Basis::source, {{&Facts::document_size, k_document, 10'000'000}}},
      {"nyaa", "nyaa, uploaded to", Basis::reported, {{&Facts::document_size, k_document, 16'000'000}}},
      {"academictorrents",
       "Academic Torrents, uploaded to",
       Basis::reported,
       {{&Facts::files, k_files, 2'000, Verdict::risky, "its server could not read thousands"}}},
  };
  return k_clients;
}

std::string beyond(const Limit& limit, std::int64_t value) {
  std::string text = fmt::format("{} {}, {} {}", format_count(value), limit.unit,
                                 limit.beyond == Verdict::refuses ? "at most" : "more than", format_count(limit.most));
  if (!limit.why.empty()) text += fmt::format(": {}", limit.why);
  return text;
}

ClientVerdict judge(const Client& client, const Facts& facts) {
  ClientVerdict result{client.name, client.title, Verdict::loads, client.basis, ""};
  for (const Limit& limit : client.limits) {
    if (facts.*limit.fact <= limit.most || limit.beyond <= result.verdict) continue;
    result.verdict = limit.beyond;
    result.reason = beyond(limit, facts.*limit.fact);
  }
  if (client.memory_for_million > 0) {
    // In this order: the files of a hostile torrent are bounded by its size, 1 GiB.
    const std::int64_t memory = facts.files * (client.memory_for_million / 1000) / 1000;
    if (memory > k_much_memory) result.verdict = Verdict::risky;
    result.reason = fmt::format("no limit; takes about {} of memory", format_bytes(memory));
  }
  if (result.reason.empty()) {
    // The limit that it is known for.
    const Limit& first = client.limits.front();
    result.reason = fmt::format("{} of {} {}", format_count(facts.*first.fact), format_count(first.most), first.unit);
  }
  return result;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return verdict == Verdict::loads ? "loads" : verdict == Verdict::risky ? "risky" : "refuses";
}

std::string_view to_string(Basis basis) {
  return basis == Basis::measured ? "measured" : basis == Basis::source ? "source" : "reported";
}

std::vector<ClientVerdict> judge_clients(const Metainfo& info) {
  const auto largest = std::ranges::max_element(info.files, {}, &File::size);
  const Facts facts{.document_size = info.document_size,
                    .info_size = info.info_size,
                    .items = info.items,
                    .files = static_cast<std::int64_t>(info.files.size()),
                    .pieces = static_cast<std::int64_t>(info.pieces.size() / k_sha1_size),
                    .piece_length = info.piece_length,
                    .largest = largest == info.files.end() ? 0 : largest->size,
                    .total = total_size(info.files)};
  std::vector<ClientVerdict> verdicts;
  for (const Client& client : clients()) verdicts.push_back(judge(client, facts));
  return verdicts;
}

}  // namespace dbr::torrent
