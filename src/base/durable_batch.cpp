// SPDX-License-Identifier: MIT
#include "dbr/base/durable_batch.hpp"

#include <fcntl.h>

#include <set>
#include <system_error>

#include "dbr/base/file.hpp"

namespace dbr {

void DurableBatch::add(std::filesystem::path part, std::filesystem::path final_path) {
  m_files.push_back({std::move(part), std::move(final_path)});
}

Result<void> DurableBatch::commit() {
  std::set<std::filesystem::path> directories;
  for (const File& file : m_files) {
    DBR_TRY(const Fd fd, open_file(file.part, O_RDONLY));
    DBR_CHECK(sync_file(fd, file.part));
    const auto directory = file.final_path.parent_path();
    if (!directories.insert(directory).second) continue;
    // A new directory's name lives in its parent, which may be new as well. A killed run may have made it unsynced.
    directories.insert(directory.parent_path());
    std::error_code error;
    for (auto missing = directory; !missing.empty() && !std::filesystem::exists(missing, error);) {
      missing = missing.parent_path();
      directories.insert(missing);
    }
    DBR_CHECK(make_directories(directory));
  }
  for (const File& file : m_files) DBR_CHECK(rename_file(file.part, file.final_path));
  for (const auto& directory : directories) DBR_CHECK(sync_directory(directory));
  m_files.clear();
  return {};
}

}  // namespace dbr
