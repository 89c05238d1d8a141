// SPDX-License-Identifier: MIT
#include "dbr/dataset/former_release.hpp"

#include "dbr/dataset/states.hpp"
#include "dbr/metadata/post.hpp"

namespace dbr::dataset {
namespace {

constexpr std::string_view k_former =
    "SELECT p.state, p.original, coalesce(o.file_ext, ''), coalesce(o.sha256, ''), coalesce(m.state, 0), "
    "coalesce(m.sha256, '') FROM post p LEFT JOIN original o ON o.post_id = p.id LEFT JOIN ml m ON m.post_id = p.id "
    "WHERE p.id = ?";

constexpr std::string_view k_tables = R"sql(
CREATE TABLE file (
  series INTEGER NOT NULL,
  post_id INTEGER NOT NULL,
  extension TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (series, post_id)
) WITHOUT ROWID;
)sql";

}  // namespace

Result<FormerFile> find_former(sql::Database& database, Form form, PostId id, std::string_view sha256) {
  DBR_TRY(auto select, database.prepare(k_former));
  DBR_TRY(const bool is_row, select.bind(1, id).step());
  if (!is_row) return FormerFile{"not_held", "unknown_post", ""};
  const auto post = static_cast<metadata::PostState>(select.integer(0));
  const auto original = static_cast<OriginalState>(select.integer(1));
  const auto ml = static_cast<MlState>(select.integer(4));
  if (post != metadata::PostState::live && post != metadata::PostState::deleted) {
    return FormerFile{"withdrawn", std::string(metadata::to_string(post)), ""};
  }
  const bool is_ml = form == Form::ml;
  if (is_ml ? ml != MlState::done : !has_bytes(original)) {
    return FormerFile{"not_held", std::string(is_ml ? to_string(ml) : to_string(original)), ""};
  }
  if (select.text(is_ml ? 5 : 3) != sha256) return FormerFile{"replaced", "", ""};
  return FormerFile{"", "", is_ml ? "jpg" : std::string(select.text(2))};
}

Result<TreeList> TreeList::create() {
  DBR_TRY(auto database, sql::Database::open_scratch(k_tables));
  return TreeList(std::move(database));
}

Result<bool> TreeList::add(const Layout::SharedFile& file, std::string_view source) {
  DBR_TRY(auto insert, m_database.prepare("INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?)"));
  insert.bind(1, index_of(file.series)).bind(2, file.id).bind(3, file.extension).bind(4, source);
  DBR_CHECK(insert.run());
  return m_database.changes() > 0;
}

Result<std::optional<std::string>> TreeList::find(const Layout::SharedFile& file) {
  DBR_TRY(auto select,
          m_database.prepare("SELECT source FROM file WHERE series = ? AND post_id = ? AND extension = ?"));
  DBR_TRY(const bool is_row, select.bind(1, index_of(file.series)).bind(2, file.id).bind(3, file.extension).step());
  return is_row ? std::optional(std::string(select.text(0))) : std::nullopt;
}

Result<void> TreeList::for_each(
    int buckets, const std::function<Result<void>(const Layout::SharedFile&, std::string_view source)>& on_file) {
  DBR_TRY(auto select, m_database.prepare("SELECT series, post_id, extension, source FROM file "
                                          "ORDER BY series, post_id % ?, post_id"));
  select.bind(1, std::int64_t{buckets});
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_CHECK(
        on_file({k_series[static_cast<std::size_t>(select.integer(0))], select.integer(1), std::string(select.text(2))},
                select.text(3)));
  }
}

}  // namespace dbr::dataset
