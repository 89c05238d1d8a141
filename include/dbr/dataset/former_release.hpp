// SPDX-License-Identifier: MIT
// What is needed to lay a former release out again: which of its files' bytes are still held, and a list of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// What became of a file since.
struct FormerFile {
  std::string state;      ///< empty: the store holds these bytes; else withdrawn, replaced or not_held
  std::string reason;     ///< one word for grouping, where there is one
  std::string extension;  ///< of the stored file; a site may have corrected it since
};
/// By the manifest's digests. A post that was taken down since is withdrawn, whatever is held of it.
Result<FormerFile> find_former(sql::Database& database, Form form, PostId id, std::string_view sha256);

/// The files of a tree. Millions are possible, so they lie in a temporary database of SQLite's own, which is gone with
/// the object. One thread at a time.
class TreeList {
 public:
  static Result<TreeList> create();

  /// `source` is anything the caller wants back. False, and nothing added, when the series has a file of this post.
  Result<bool> add(const Layout::SharedFile& file, std::string_view source);
  /// Its source.
  Result<std::optional<std::string>> find(const Layout::SharedFile& file);
  /// In the order of buckets and IDs, as the files lie; `buckets` is the layout's.
  Result<void> for_each(int buckets,
                        const std::function<Result<void>(const Layout::SharedFile&, std::string_view source)>& on_file);

 private:
  explicit TreeList(sql::Database database) : m_database(std::move(database)) {}
  sql::Database m_database;
};

}  // namespace dbr::dataset
