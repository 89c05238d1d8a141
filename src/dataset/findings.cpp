// SPDX-License-Identifier: MIT
#include "dbr/dataset/findings.hpp"

#include <fmt/format.h>

#include <vector>

namespace dbr::dataset {
namespace {

// Paths may hold any bytes: as blobs they sort as such.
constexpr std::string_view k_tables = R"sql(
CREATE TABLE finding (
  path BLOB PRIMARY KEY,
  problem TEXT NOT NULL,
  role INTEGER NOT NULL,
  post_id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  other BLOB NOT NULL,
  action TEXT NOT NULL,
  is_repaired INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX finding_by_role ON finding(role, path);
CREATE INDEX finding_by_size ON finding(size) WHERE role < 3;
)sql";

constexpr std::string_view k_columns = "path, problem, role, post_id, size, sha256, other, action, is_repaired";
constexpr int k_page = 256;

void bind(sql::Statement& statement, const Finding& finding) {
  statement.bind_blob(1, finding.path)
      .bind(2, finding.problem)
      .bind(3, static_cast<std::int64_t>(finding.role))
      .bind(4, finding.id)
      .bind(5, finding.size)
      .bind(6, finding.sha256)
      .bind_blob(7, finding.other)
      .bind(8, finding.action)
      .bind(9, std::int64_t{finding.is_repaired});
}

Finding read(const sql::Statement& row) {
  return {.path = std::string(row.text(0)),
          .problem = std::string(row.text(1)),
          .role = static_cast<Role>(row.integer(2)),
          .id = row.integer(3),
          .size = row.integer(4),
          .sha256 = std::string(row.text(5)),
          .other = std::string(row.text(6)),
          .action = std::string(row.text(7)),
          .is_repaired = row.integer(8) != 0};
}

}  // namespace

Result<Findings> Findings::create() {
  DBR_TRY(auto database, sql::Database::open_scratch(k_tables));
  return Findings(std::move(database));
}

Result<void> Findings::add(const Finding& finding) {
  DBR_TRY(auto insert,
          m_database.prepare(fmt::format("INSERT OR IGNORE INTO finding ({}) VALUES (?,?,?,?,?,?,?,?,?)", k_columns)));
  bind(insert, finding);
  DBR_CHECK(insert.run());
  m_count += m_database.changes();
  return {};
}

Result<void> Findings::update(const Finding& finding) {
  DBR_TRY(auto replace,
          m_database.prepare(fmt::format("INSERT OR REPLACE INTO finding ({}) VALUES (?,?,?,?,?,?,?,?,?)", k_columns)));
  bind(replace, finding);
  return replace.run();
}

Result<std::optional<Finding>> Findings::find(std::string_view path) {
  DBR_TRY(auto select, m_database.prepare(fmt::format("SELECT {} FROM finding WHERE path = ?", k_columns)));
  select.bind_blob(1, path);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<Finding>();
  return std::optional(read(select));
}

Result<std::map<std::string, std::int64_t>> Findings::counts() {
  DBR_TRY(auto select, m_database.prepare("SELECT problem, count(*) FROM finding GROUP BY problem"));
  std::map<std::string, std::int64_t> counts;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return counts;
    counts[std::string(select.text(0))] = select.integer(1);
  }
}

Result<std::int64_t> Findings::repaired() {
  DBR_TRY(const auto count, m_database.integer("SELECT count(*) FROM finding WHERE is_repaired"));
  return count.value_or(0);
}

// Page by page: what is changed while a statement walks over it is undefined.
Result<void> Findings::for_each_in(std::string_view condition,
                                   const std::function<Result<void>(const Finding&)>& on_finding) {
  DBR_TRY(auto select, m_database.prepare(fmt::format("SELECT {} FROM finding WHERE ({}) AND path > ? "
                                                      "ORDER BY path LIMIT {}",
                                                      k_columns, condition, k_page)));
  std::string after;
  for (;;) {
    select.bind_blob(1, after);
    std::vector<Finding> page;
    for (;;) {
      DBR_TRY(const bool is_row, select.step());
      if (!is_row) break;
      page.push_back(read(select));
    }
    if (page.empty()) return {};
    after = page.back().path;
    for (const Finding& finding : page) DBR_CHECK(on_finding(finding));
  }
}

Result<void> Findings::for_each(const std::function<Result<void>(const Finding&)>& on_finding) {
  return for_each_in("TRUE", on_finding);
}

Result<void> Findings::for_each(Role role, const std::function<Result<void>(const Finding&)>& on_finding) {
  return for_each_in(fmt::format("role = {}", static_cast<int>(role)), on_finding);
}

Result<void> Findings::for_each_candidate(const std::function<Result<void>(const Finding&)>& on_extra) {
  return for_each_in(
      "role = 3 AND size >= 0 AND sha256 = '' AND EXISTS (SELECT 1 FROM finding m WHERE m.role < 3 AND "
      "m.size = finding.size)",
      on_extra);
}

Result<void> Findings::pair_renamed() {
  DBR_TRY(auto select, m_database.prepare(fmt::format(
                           "SELECT {} FROM finding WHERE role < 3 AND size = ?1 AND sha256 = ?2 AND other = x'' "
                           "AND problem IN ('missing', 'size', 'hash', 'unreadable') ORDER BY role, path LIMIT 1",
                           k_columns)));
  return for_each_in("role = 3 AND sha256 <> ''", [&](const Finding& extra) -> Result<void> {
    select.bind(1, extra.size).bind(2, extra.sha256);
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    Finding lost = read(select);
    select.reset();
    Finding found = extra;
    lost.other = found.path;
    found.other = lost.path;
    found.id = lost.id;
    DBR_CHECK(update(lost));
    return update(found);
  });
}

}  // namespace dbr::dataset
