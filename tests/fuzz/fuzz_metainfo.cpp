// SPDX-License-Identifier: MIT
// Any bytes are a torrent or an error; and what is taken for a torrent is safe to use, and can be judged and planned.
#include <cstdlib>

#include "dbr/torrent/lint.hpp"
#include "dbr/torrent/magnet.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "dbr/torrent/update_plan.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool stays_inside(std::string_view path) {
  for (;;) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    for (const char c : part) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    }
    if (part.size() == path.size()) return true;
    path.remove_prefix(part.size() + 1);
  }
}

dbr::torrent::UpdateCost cost_of(const dbr::torrent::Metainfo& info, dbr::torrent::Holdings& held) {
  dbr::torrent::UpdateCounter counter(info.piece_length, [&](std::size_t piece, dbr::torrent::Composition composition) {
    return held.find_piece(composition, std::string_view(info.pieces).substr(piece * 20, 20));
  });
  for (const dbr::torrent::File& file : info.files) {
    const std::string path = dbr::torrent::path_on_disk(info, file);
    counter.add(path, file.size, held.look_up(path, file.size));
  }
  return counter.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  const auto info = dbr::torrent::parse_metainfo(document);
  const auto summary = dbr::torrent::summarize_metainfo(document);
  if (!info) {
    require(info.error().kind == dbr::ErrorKind::corrupt && !info.error().message.empty());
    return 0;
  }
  require(summary && summary->infohash == info->infohash && summary->trackers == info->trackers);

  dbr::ByteCount total = 0;
  for (const dbr::torrent::File& file : info->files) {
    require(stays_inside(file.path) && file.size >= 0);
    total += file.size;
  }
  const auto pieces = static_cast<dbr::ByteCount>(info->pieces.size() / 20);
  require(total > 0 && pieces == total / info->piece_length + (total % info->piece_length != 0 ? 1 : 0));

  for (const auto& verdict : dbr::torrent::judge_clients(*info)) require(!verdict.reason.empty());
  for (const auto& finding : dbr::torrent::find_hazards(*info)) require(finding.count > 0);
  dbr::torrent::TorrentSet set;
  set.add("a", *info);
  auto other = *info;
  other.infohash = "another";
  set.add("b", other);
  require(set.findings().front().count == static_cast<std::int64_t>(info->files.size()));
  require(dbr::torrent::magnet_link(info->infohash, info->name, info->trackers).starts_with("magnet:?xt=urn:btih:"));

  dbr::torrent::Holdings nothing, same;
  same.add(*info);
  require(cost_of(*info, nothing).bytes == total && cost_of(*info, same).bytes == 0 && same.removed().files == 0);
  return 0;
}
