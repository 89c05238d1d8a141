// SPDX-License-Identifier: MIT
// The problems verify has found. Millions are possible (a lost directory), so they lie in a temporary database of
// SQLite's own, which is gone with the object; memory stays flat and they come out sorted. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// What a file is to the dataset: which repair it may get.
enum class Role : int { original = 0, ml = 1, placed = 2, extra = 3, release = 4 };

struct Finding {
  std::string path;     ///< relative to the root; the key
  std::string problem;  ///< missing, size, hash, decode, unreadable, permission, extra, pieces
  Role role = Role::original;
  PostId id = 0;             ///< 0: of no post
  ByteCount size = -1;       ///< an extra's own; else that of the bytes that should be there
  std::string sha256 = {};   ///< likewise; of an extra only once asked for
  std::string other = {};    ///< the other name of a renamed file
  std::string action = {};   ///< what the repair does, in words
  bool is_repaired = false;  ///< done, and nothing more is needed than the queues' next run
};

class Findings {
 public:
  static Result<Findings> create();

  /// A second problem of the same path is dropped.
  Result<void> add(const Finding& finding);
  /// Rewrites what is known of its path.
  Result<void> update(const Finding& finding);
  Result<std::optional<Finding>> find(std::string_view path);

  std::int64_t count() const { return m_count; }
  /// By problem.
  Result<std::map<std::string, std::int64_t>> counts();
  Result<std::int64_t> repaired();

  /// In the order of paths; `on_finding` may update() it. With a role: only these.
  Result<void> for_each(const std::function<Result<void>(const Finding&)>& on_finding);
  Result<void> for_each(Role role, const std::function<Result<void>(const Finding&)>& on_finding);

  /// Extras that have the size of something that is missing or broken, and no digest yet.
  Result<void> for_each_candidate(const std::function<Result<void>(const Finding&)>& on_extra);
  /// Writes into `other` of both which extra is which missing file, by their digests; each is used once.
  Result<void> pair_renamed();

 private:
  explicit Findings(sql::Database database) : m_database(std::move(database)) {}
  Result<void> for_each_in(std::string_view condition, const std::function<Result<void>(const Finding&)>& on_finding);
  sql::Database m_database;
  std::int64_t m_count = 0;
};

}  // namespace dbr::dataset
