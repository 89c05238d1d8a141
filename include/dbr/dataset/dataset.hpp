// SPDX-License-Identifier: MIT
// A dataset on disk: its layout, its manifest, its lock. Creating, opening, sweeping what a killed run left.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "dbr/base/file_lock.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

enum class Access {
  none,    ///< paths only: there may be no dataset, or anybody's
  read,    ///< beside a writer, at any time
  write,   ///< one process at a time; the dataset must exist
  create,  ///< like write, but makes a dataset where there is none
};

inline bool is_for_writing(Access access) {
  return access == Access::write || access == Access::create;
}

/// Set when a dataset is created; a conflicting value later is kind config.
struct CreateSettings {
  std::optional<int> buckets = {};              ///< default 1000
  std::optional<bool> optimize_originals = {};  ///< default off
};

/// Thread-safe: every user connects for itself. SQLite lets one connection write at a time.
class Dataset {
 public:
  static Result<Dataset> open(const std::filesystem::path& root, Access access, std::string_view command,
                              const CreateSettings& settings);

  const Layout& layout() const { return m_layout; }
  /// JPEGs are stored in fewer bytes with the same pixels: their digests are not the site's.
  bool optimizes_originals() const { return m_optimizes_originals; }
  /// A connection of the caller's own, to be used by one thread.
  Result<sql::Database> connect() const;

 private:
  Dataset(Layout layout, bool optimizes_originals, Access access, std::optional<FileLock> lock)
      : m_layout(std::move(layout)),
        m_optimizes_originals(optimizes_originals),
        m_access(access),
        m_lock(std::move(lock)) {}
  Layout m_layout;
  bool m_optimizes_originals;
  Access m_access;
  std::optional<FileLock> m_lock;
};

}  // namespace dbr::dataset
