// SPDX-License-Identifier: MIT
#include "dbr/torrent/recheck.hpp"

#include <mutex>
#include <string_view>
#include <system_error>

#include "dbr/torrent/piece_reader.hpp"
#include "rules.hpp"

namespace dbr::torrent {

Result<Recheck> recheck(const Metainfo& torrent, const std::filesystem::path& folder, std::size_t readers,
                        const StopToken& stop, const std::function<void(ByteCount)>& on_read) {
  Recheck found{std::vector<bool>(torrent.pieces.size() / k_sha1_size), std::vector<bool>(torrent.files.size())};
  SpanCutter cutter(torrent.piece_length, total_size(torrent.files), readers);
  std::mutex mutex;
  const auto set_changed = [&](const Span& span, std::size_t file) {
    const std::scoped_lock lock(mutex);
    found.is_changed[span.first_file + file] = true;
  };
  const auto check = [&](const Span& span, std::size_t file, std::int64_t, const WholeFile&) -> Result<void> {
    std::error_code error;
    const auto size = std::filesystem::file_size(folder / span.files[file].path, error);
    if (error || static_cast<ByteCount>(size) != span.files[file].size) set_changed(span, file);
    return {};
  };
  const auto on_bad_file = [&](const Span& span, std::size_t file, const Error&) -> Result<void> {
    set_changed(span, file);
    return {};
  };
  const auto take = [&](const Span& span, const std::vector<std::string>& digests) -> Result<void> {
    for (std::size_t i = 0; i < digests.size(); ++i) {
      const std::size_t piece = span.first_piece + i;
      found.is_there[piece] = digests[i] == std::string_view(torrent.pieces).substr(piece * k_sha1_size, k_sha1_size);
    }
    on_read(span.length);
    return {};
  };
  DBR_CHECK(read_pieces({.folder = folder,
                         .piece_length = torrent.piece_length,
                         .readers = readers,
                         .stop = stop,
                         .next = spans_of(torrent.files, cutter),
                         .as_clients_do = true,
                         .check = check,
                         .on_bad_file = on_bad_file,
                         .take = take}));
  return found;
}

}  // namespace dbr::torrent
