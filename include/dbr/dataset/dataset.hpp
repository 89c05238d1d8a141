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
  read,    ///< beside a writer, at any time
  write,   ///< one process at a time; the dataset must exist
  create,  ///< like write, but makes a dataset where there is none
};

struct CreateSettings {
  std::optional<int> buckets;  ///< set when created (default 1000); a conflicting value later is kind config
};

/// Thread-safe: every user connects for itself. SQLite lets one connection write at a time.
class Dataset {
 public:
  static Result<Dataset> open(const std::filesystem::path& root, Access access, std::string_view command,
                              const CreateSettings& settings);

  const Layout& layout() const { return m_layout; }
  /// A connection of the caller's own, to be used by one thread.
  Result<sql::Database> connect() const;

 private:
  Dataset(Layout layout, Access access, std::optional<FileLock> lock)
      : m_layout(std::move(layout)), m_access(access), m_lock(std::move(lock)) {}
  Layout m_layout;
  Access m_access;
  std::optional<FileLock> m_lock;
};

}  // namespace dbr::dataset
