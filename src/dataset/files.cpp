// SPDX-License-Identifier: MIT
#include "dbr/dataset/files.hpp"

#include <fmt/ranges.h>

#include "queries.hpp"

namespace dbr::dataset {
namespace {

Result<Totals> totals(sql::Database& database, std::string_view sql, PostId last) {
  DBR_TRY(auto select, database.prepare(sql));
  select.bind(1, last);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? Totals{select.integer(0), select.integer(1)} : Totals{};
}

// What counts is what the site sent: the same file, made smaller by another library, replaces nothing.
Result<void> remember_replaced(sql::Database& database, PostId id, std::string_view sent_sha256) {
  DBR_TRY(auto insert,
          database.prepare("INSERT INTO replaced SELECT post_id, "
                           "(SELECT count(*) + 1 FROM replaced WHERE post_id = ?1), file_ext, size, md5, sha256, "
                           "source_md5 FROM original WHERE post_id = ?1 AND coalesce(source_sha256, sha256) <> ?2"));
  return insert.bind(1, id).bind(2, sent_sha256).run();
}

}  // namespace

Result<Totals> wanted_ml_totals(sql::Database& database, PostId last) {
  return totals(database, "SELECT count(*), 0 FROM ml INDEXED BY ml_wanted WHERE state = 1 AND post_id <= ?", last);
}

Result<Totals> held_totals(sql::Database& database, PostId last) {
  return totals(database,
                "SELECT count(*), coalesce(sum(o.size), 0) FROM original o CROSS JOIN post p ON p.id = o.post_id "
                "WHERE p.original IN (1, 2) AND o.post_id <= ?",
                last);
}

Result<void> record_original(sql::Database& database, const OriginalOutcome& outcome) {
  DBR_TRY(auto update, database.prepare("UPDATE post SET original = ? WHERE id = ?"));
  DBR_CHECK(update.bind(1, static_cast<std::int64_t>(outcome.state)).bind(2, outcome.id).run());
  DBR_TRY(auto upsert,
          database.prepare("INSERT INTO original (post_id, site_md5, reason, detail) "
                           "SELECT ?1, lower(hex(md5)), nullif(?2, ''), nullif(?3, '') FROM post WHERE id = ?1 "
                           "ON CONFLICT (post_id) DO UPDATE SET site_md5 = excluded.site_md5, "
                           "reason = excluded.reason, detail = excluded.detail"));
  DBR_CHECK(upsert.bind(1, outcome.id).bind(2, outcome.reason).bind(3, outcome.detail).run());
  if (has_bytes(outcome.state)) {
    const SourceFile source = outcome.source.value_or(SourceFile());
    DBR_CHECK(remember_replaced(database, outcome.id, source.sha256.empty() ? outcome.sha256 : source.sha256));
    DBR_TRY(auto bytes, database.prepare("UPDATE original SET file_ext = ?2, size = ?3, md5 = ?4, sha256 = ?5, "
                                         "source_size = nullif(?6, 0), source_md5 = nullif(?7, ''), "
                                         "source_sha256 = nullif(?8, ''), witness = nullif(?9, 0) WHERE post_id = ?1"));
    DBR_CHECK(bytes.bind(1, outcome.id)
                  .bind(2, outcome.file_ext)
                  .bind(3, outcome.size)
                  .bind(4, outcome.md5)
                  .bind(5, outcome.sha256)
                  .bind(6, source.size)
                  .bind(7, source.md5)
                  .bind(8, source.sha256)
                  .bind(9, outcome.witness)
                  .run());
  }
  const MlState ml = has_bytes(outcome.state)                 ? MlState::wanted
                     : outcome.state == OriginalState::wanted ? MlState::waiting
                                                              : MlState::no_original;
  DBR_TRY(auto update_ml,
          database.prepare(has_bytes(outcome.state)
                               ? "INSERT INTO ml (post_id, state) VALUES (?1, ?2) ON CONFLICT (post_id) "
                                 "DO UPDATE SET state = ?2, reason = NULL, detail = NULL"
                               : "UPDATE ml SET state = ?2, reason = NULL, detail = NULL WHERE post_id = ?1"));
  return update_ml.bind(1, outcome.id).bind(2, static_cast<std::int64_t>(ml)).run();
}

Result<void> for_each_replaced(sql::Database& database,
                               const std::function<Result<void>(const ReplacedFile&)>& on_file) {
  DBR_TRY(auto select,
          database.prepare("SELECT post_id, number, file_ext, size, md5, sha256, coalesce(source_md5, md5) "
                           "FROM replaced ORDER BY post_id, number"));
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_CHECK(on_file({.id = select.integer(0),
                       .number = select.integer(1),
                       .file_ext = select.text(2),
                       .size = select.integer(3),
                       .md5 = select.text(4),
                       .sha256 = select.text(5),
                       .source_md5 = select.text(6)}));
  }
}

Result<std::vector<WantedMl>> next_wanted_ml(sql::Database& database, PostId after, PostId last, int limit) {
  DBR_TRY(auto select, database.prepare(k_wanted_ml));
  select.bind(1, after).bind(2, last).bind(3, limit);
  std::vector<WantedMl> items;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return items;
    items.push_back({select.integer(0), std::string(select.text(1))});
  }
}

Result<void> record_ml(sql::Database& database, const MlOutcome& outcome) {
  DBR_TRY(auto update,
          database.prepare("UPDATE ml SET state = ?2, settings = ?3, reason = nullif(?4, ''), detail = nullif(?5, ''), "
                           "size = ?6, md5 = ?7, sha256 = ?8, source_width = ?9, source_height = ?10, "
                           "orientation = ?11, box_x = ?12, box_y = ?13, box_width = ?14, box_height = ?15, "
                           "colour = nullif(?16, ''), has_profile = ?17, background = nullif(?18, ''), "
                           "witness = nullif(?19, 0) "
                           "WHERE post_id = ?1"));
  return update.bind(1, outcome.id)
      .bind(2, static_cast<std::int64_t>(outcome.state))
      .bind(3, outcome.settings_hash)
      .bind(4, outcome.reason)
      .bind(5, outcome.detail)
      .bind(6, outcome.size)
      .bind(7, outcome.md5)
      .bind(8, outcome.sha256)
      .bind(9, outcome.source_width)
      .bind(10, outcome.source_height)
      .bind(11, outcome.orientation)
      .bind(12, outcome.box_x)
      .bind(13, outcome.box_y)
      .bind(14, outcome.box_width)
      .bind(15, outcome.box_height)
      .bind(16, outcome.colour)
      .bind(17, outcome.has_profile ? 1 : 0)
      .bind(18, outcome.background)
      .bind(19, outcome.witness)
      .run();
}

Result<void> requeue_other_settings(sql::Database& database, const std::vector<std::string>& current_hashes,
                                    PostId after, PostId last) {
  // not_a_still_image does not depend on the settings.
  DBR_TRY(auto update, database.prepare("UPDATE ml SET state = 1 WHERE state IN (2, 4) AND post_id > ? "
                                        "AND post_id <= ? AND settings NOT IN (SELECT value FROM json_each(?))"));
  return update.bind(1, after)
      .bind(2, last)
      .bind(3, fmt::format(R"(["{}"])", fmt::join(current_hashes, R"(",")")))
      .run();
}

Result<std::optional<HeldFile>> find_held(sql::Database& database, PostId id) {
  DBR_TRY(auto select, database.prepare(k_held));
  DBR_TRY(const bool is_row, select.bind(1, id).step());
  if (!is_row) return std::optional<HeldFile>();
  return HeldFile{std::string(select.text(0)), select.integer(1) != 0};
}

}  // namespace dbr::dataset
