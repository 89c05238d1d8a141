// SPDX-License-Identifier: MIT
// A placed release with a bit of everything that could go wrong in an export, and ways to run a format over it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/zstd_file.hpp"
#include "dbr/exports/format.hpp"
#include "support/small_manifest.hpp"

namespace dbr::exports::test {

using dbr::test::must;
using Record = nlohmann::ordered_json;

/// Tag names that break careless quoting, shells and HTML.
inline const std::vector<std::string> k_hostile_tags = {
    "'",   "\"quoted\"", "$(reboot)", "`id`", "\\o/", "-rf", "<b>bold</b>", "あ○人", "%s%n", "a;drop_table_posts;--",
    "NULL"};

/// Post 1: everything set, hostile tags. 2: nulls, absent keys, no ML form. 1003: nsfw, deleted. 4: not in the release.
std::vector<Record> small_posts();
std::vector<std::pair<metadata::Table, Record>> small_tables();

class SmallRelease {
 public:
  /// Reversed: the same content, but every row written in the opposite order.
  explicit SmallRelease(bool is_reversed = false);

  void place();

  static const Format& format(std::string_view name);

  /// As export-db does it: inside one read transaction.
  Result<void> write(std::string_view name, const StopToken& stop);
  void write(std::string_view name) { must(write(name, StopSource().token())); }

  std::filesystem::path folder() const { return manifest.layout().release_metadata(release.spec.name); }
  /// Where a format's files go.
  std::filesystem::path folder(std::string_view name) const;

  std::vector<std::string> lines(std::string_view file) const;

  dbr::test::SmallManifest manifest;
  dataset::Release release;
  int posts_reported = 0;
};

/// A written database, and a query's result as text: columns with '|', rows with newlines, NULL as "~".
class Written {
 public:
  explicit Written(const std::filesystem::path& path)
      : m_database(must(sql::Database::open(path, sql::OpenMode::read_only))) {}

  std::string rows(std::string_view query, int columns);
  std::string value(std::string_view query) { return rows(query, 1); }

 private:
  sql::Database m_database;
};

}  // namespace dbr::exports::test
