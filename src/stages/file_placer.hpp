// SPDX-License-Identifier: MIT
// How a stored file gets a name in a shared tree: as a hard link, as a reflink (a file of its own on the same blocks)
// or as a copy. Whichever it is, a name appears or changes by one rename, and what has a name is whole.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/durable_batch.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr::stages {

enum class LinkMode { hard, reflink, copy };
/// "hard", "reflink", "copy"; the command line let nothing else pass.
LinkMode parse_link_mode(std::string_view name);

/// Tries it from the store's part files into `folder`, which is made; leaves nothing behind. Kind config, saying what
/// does work, when the file systems cannot do it.
Result<void> check_link_mode(LinkMode mode, const std::filesystem::path& parts, const std::filesystem::path& folder);

class FilePlacer {
 public:
  FilePlacer(LinkMode mode, const StopToken& stop) : m_mode(mode), m_stop(stop) {}
  FilePlacer(const FilePlacer&) = delete;
  FilePlacer& operator=(const FilePlacer&) = delete;
  /// Part files of what was not flushed are removed.
  ~FilePlacer();

  /// `path` is what put() would make of `source`: the same inode, or a file of its own with its size and time.
  bool is_placed(const std::filesystem::path& source, const std::filesystem::path& path) const;
  /// In a directory that is there. Copies and reflinks get their names in groups, at the latest by flush(); a link's
  /// name is durable once its directory is synced. `on_named` is called as soon as the path has its name.
  Result<void> put(const std::filesystem::path& source, const std::filesystem::path& path,
                   std::function<void()> on_named = {});
  Result<void> flush();

 private:
  LinkMode m_mode;
  StopToken m_stop;
  DurableBatch m_batch;
  std::vector<std::filesystem::path> m_parts;     // of the batch
  std::vector<std::function<void()>> m_on_named;  // likewise
  ByteCount m_batch_bytes = 0;
};

}  // namespace dbr::stages
