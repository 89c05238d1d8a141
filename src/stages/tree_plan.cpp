// SPDX-License-Identifier: MIT
#include "tree_plan.hpp"

#include <vector>

#include "dbr/dataset/release.hpp"
#include "dbr/dataset/volumes.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Layout;
using dataset::NamedFile;

constexpr std::size_t k_portion = 10'000;  // read at once

// In portions: no statement stays open while others write.
Result<void> for_each_in_portions(sql::Database& database,
                                  const std::function<Result<void>(const dataset::PlacedFile&)>& on_file) {
  for (const dataset::Series series : dataset::k_series) {
    for (dataset::Position at;;) {
      std::vector<dataset::PlacedFile> files;
      {
        DBR_TRY(auto cursor, dataset::PlacedCursor::open(database, series, at, dataset::k_end_of_series));
        while (files.size() < k_portion) {
          DBR_TRY(auto file, cursor.next());
          if (!file) break;
          files.push_back(*std::move(file));
        }
      }
      if (files.empty()) break;
      at = {files.back().edition, files.back().id};
      for (const auto& file : files) DBR_CHECK(on_file(file));
    }
  }
  return {};
}

}  // namespace

Result<void> record_named(sql::Database& database, std::span<const NamedFile> files, RecordNamed record_one) {
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  for (const NamedFile& file : files) DBR_CHECK(record_one(database, file));
  return transaction.commit();
}

TreePlan plan_of_placed(sql::Database& database, const Layout& layout) {
  const auto stored = [&layout](const Layout::SharedFile& file) {
    return layout.stored(file.series.form, file.id, file.extension);
  };
  return {.for_each =
              [&database, stored](const auto& on_file) {
                return for_each_in_portions(database, [&](const dataset::PlacedFile& placed) {
                  const std::string extension = fs::path(placed.path).extension().string().substr(1);
                  const Layout::SharedFile file{placed.series, placed.id, extension};
                  return on_file({file, stored(file)});
                });
              },
          .find = [&database, stored](const Layout::SharedFile& file) -> Result<std::optional<fs::path>> {
            DBR_TRY(const bool is_placed, dataset::is_placed(database, file));
            return is_placed ? std::optional(stored(file)) : std::nullopt;
          },
          .record = [&database](auto files) { return record_named(database, files, dataset::record_placed); }};
}

}  // namespace dbr::stages
