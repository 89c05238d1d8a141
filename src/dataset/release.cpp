// SPDX-License-Identifier: MIT
#include "dbr/dataset/release.hpp"

#include <algorithm>

#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "withdrawn.hpp"

namespace dbr::dataset {
namespace {

constexpr std::string_view k_columns =
    "SELECT name, cutoff, state, publication, placed_version, files_sha256, exported_files_sha256, sfw_ratings, "
    "exclude, "
    "statistics, left_out_sha256 FROM release ";

Result<std::optional<Release>> read_one(sql::Statement& select) {
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<Release>();
  return std::optional(Release{.spec = {.name = std::string(select.text(0)),
                                        .cutoff = Timestamp(std::chrono::milliseconds(select.integer(1))),
                                        .sfw_ratings = std::string(select.text(7)),
                                        .exclude = std::string(select.text(8))},
                               .state = static_cast<ReleaseState>(select.integer(2)),
                               .publication = select.integer(3),
                               .placed_version = select.integer(4),
                               .files_sha256 = std::string(select.text(5)),
                               .exported_files_sha256 = std::string(select.text(6)),
                               .left_out_sha256 = std::string(select.text(10)),
                               .statistics = std::string(select.text(9))});
}

}  // namespace

Result<std::optional<Release>> find_release(sql::Database& database, std::string_view name) {
  DBR_TRY(auto select, database.prepare(std::string(k_columns) + "WHERE name = ?"));
  select.bind(1, name);
  return read_one(select);
}

Result<std::optional<Release>> placed_release(sql::Database& database) {
  DBR_TRY(auto select, database.prepare(std::string(k_columns) +
                                        "WHERE name = (SELECT value FROM setting WHERE key = 'placed_release')"));
  return read_one(select);
}

Result<std::vector<Release>> published_releases(sql::Database& database) {
  DBR_TRY(auto select,
          database.prepare(std::string(k_columns) + "WHERE state = 1 ORDER BY cutoff DESC, publication DESC, name"));
  std::vector<Release> found;
  for (;;) {
    DBR_TRY(auto release, read_one(select));
    if (!release) return found;
    found.push_back(std::move(*release));
  }
}

Result<void> save_release(sql::Database& database, const Release& release) {
  DBR_TRY(auto upsert, database.prepare("INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  DBR_CHECK(upsert.bind(1, release.spec.name)
                .bind(2, release.spec.cutoff.time_since_epoch().count())
                .bind(3, static_cast<std::int64_t>(release.state))
                .bind(4, release.publication)
                .bind(5, release.placed_version)
                .bind(6, release.files_sha256)
                .bind(7, release.exported_files_sha256)
                .bind(8, release.spec.sfw_ratings)
                .bind(9, release.spec.exclude)
                .bind(10, release.statistics)
                .bind(11, release.left_out_sha256)
                .run());
  DBR_TRY(auto placed, database.prepare("INSERT OR REPLACE INTO setting VALUES ('placed_release', ?)"));
  return placed.bind(1, release.spec.name).run();
}

Result<Unsettled> unsettled(sql::Database& database, const ReleaseSpec& spec, PostId last) {
  Unsettled left;
  DBR_TRY(const Timestamp complete_until, posts_complete_until(database));
  DBR_TRY(const auto unread, unread_posts(database));
  left.metadata =
      (complete_until < spec.cutoff ? 1 : 0) + std::ranges::count_if(unread, [&](PostId id) { return id <= last; });
  const auto count = [&](std::string_view sql) -> Result<std::int64_t> {
    DBR_TRY(auto select, database.prepare(sql));
    select.bind(1, last);
    DBR_TRY(const bool is_row, select.step());
    return is_row ? select.integer(0) : 0;
  };
  DBR_TRY(auto queue, WantedOriginals::open(database, {last}, FetchOrder::oldest));
  DBR_TRY(const Totals originals, queue.totals());
  left.originals = originals.items;
  DBR_TRY(left.ml_forms, count("SELECT count(*) FROM ml INDEXED BY ml_wanted WHERE state = 1 AND post_id <= ?"));
  return left;
}

Result<std::int64_t> next_publication(sql::Database& database) {
  DBR_TRY(const auto last, database.integer("SELECT max(number) FROM publication"));
  return last.value_or(0) + 1;
}

Result<void> publish(sql::Database& database, Release& release) {
  DBR_CHECK(keep_withdrawn(database));
  DBR_TRY(release.publication, next_publication(database));
  release.state = ReleaseState::finished;
  DBR_TRY(auto insert, database.prepare("INSERT INTO publication VALUES (?, ?)"));
  DBR_CHECK(insert.bind(1, release.publication).bind(2, release.spec.name).run());
  // From here on, what is placed is what was published last.
  DBR_CHECK(
      database.execute("DELETE FROM placement WHERE is_placed = 0; "
                       "UPDATE placement SET last_path = NULL, last_sha256 = NULL, last_edition = NULL "
                       "WHERE last_edition IS NOT NULL"));
  return save_release(database, release);
}

}  // namespace dbr::dataset
