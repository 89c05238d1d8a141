// SPDX-License-Identifier: MIT
// What belongs into a shared tree, and where it is recorded that it is there.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>

#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/witnesses.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::stages {

/// A file that belongs into the tree, and the stored file whose bytes it has.
struct TreeFile {
  dataset::Layout::SharedFile file;
  std::filesystem::path stored;
};

struct TreePlan {
  /// In any order, each once.
  std::function<Result<void>(const std::function<Result<void>(const TreeFile&)>&)> for_each;
  /// Where its bytes are stored, when it is one of them.
  std::function<Result<std::optional<std::filesystem::path>>(const dataset::Layout::SharedFile&)> find;
  /// What has got its name, in portions and in one transaction each. What a kill keeps from being told is not known.
  std::function<Result<void>(std::span<const dataset::NamedFile>)> record;
};

using RecordNamed = Result<void> (*)(sql::Database&, const dataset::NamedFile&);
/// `record_one` of each, in one transaction.
Result<void> record_named(sql::Database& database, std::span<const dataset::NamedFile> files, RecordNamed record_one);

/// The placed release's.
TreePlan plan_of_placed(sql::Database& database, const dataset::Layout& layout);

}  // namespace dbr::stages
