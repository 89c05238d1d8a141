// SPDX-License-Identifier: MIT
// What a client finds that loads a v1 torrent over data on its disk: which pieces are there already.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

struct Recheck {
  std::vector<bool> is_there;    ///< a piece of the torrent
  std::vector<bool> is_changed;  ///< a file of the torrent: not on disk, unreadable, or of another size
};

/// Reads all that the torrent lists below `folder`, with `readers` threads. Files of another size count as far as their
/// bytes go, as in clients (measured with libtorrent 2.0.8). `on_read` is told of bytes that are done with. Kind
/// cancelled when stopped (drain level).
Result<Recheck> recheck(const Metainfo& torrent, const std::filesystem::path& folder, std::size_t readers,
                        const StopToken& stop, const std::function<void(ByteCount)>& on_read);

}  // namespace dbr::torrent
