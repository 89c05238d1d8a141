// SPDX-License-Identifier: MIT
// verify, the other way round: which files lie there that the manifest knows nothing of.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/dataset/findings.hpp"
#include "dbr/dataset/held.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"
#include "verify_post.hpp"

namespace dbr::stages {

class ExtraFinder {
 public:
  /// `has_tree`: the shared tree is laid out, so its files are looked at too.
  ExtraFinder(const dataset::Layout& layout, sql::Database& database, dataset::Findings& findings,
              const dataset::Part& part, Depth depth, bool has_tree);

  /// Compares the bucket's directories with its posts.
  Result<void> check_bucket(int bucket, std::span<const dataset::KnownPost> posts);
  /// What lies beside and above the buckets' directories.
  Result<void> check_folders();
  /// True for a file a killed fetch-images left without a row: what the site says it should be.
  Result<bool> is_unrecorded(const std::filesystem::path& path);

 private:
  struct Folder {
    std::filesystem::path path;
    std::set<std::string, std::less<>> expected;  // names of folders below it, if not buckets
  };
  void learn(const dataset::KnownPost& post);
  Result<void> for_each_entry(const std::filesystem::path& folder,
                              const std::function<Result<void>(const std::filesystem::directory_entry&)>& on_entry);
  bool is_bucket(std::string_view name) const;
  bool is_ours(const std::filesystem::path& path) const;
  Result<void> check_folder(const Folder& folder);
  /// With `is_decided` it belongs to this part; else its name says so.
  Result<void> check_entry(const std::filesystem::directory_entry& entry, bool is_decided);

  const dataset::Layout& m_layout;
  sql::Database& m_database;
  dataset::Findings& m_findings;
  const dataset::Part m_part;
  const Depth m_depth;
  const bool m_has_tree;
  std::unordered_set<std::string> m_known;  // paths of the bucket at hand
};

}  // namespace dbr::stages
