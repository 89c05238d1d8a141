// SPDX-License-Identifier: MIT
// The proof that the sets are what their rule says. Nothing of placement.cpp is used: a mistake there must show here.
#include <fmt/format.h>

#include "dbr/dataset/release.hpp"

namespace dbr::dataset {
namespace {

// By the folder the path names, against the letter of the post as it is now. A rating that is missing or longer than a
// letter is nobody's.
#define DBR_IS_OUTSIDE                                                            \
  "((substr(a.path, 1, 4) = 'sfw/') <> "                                          \
  "(length(coalesce(p.rating, '')) = 1 AND instr(?, coalesce(p.rating, '')) > 0)" \
  " OR (substr(a.path, 1, 4) <> 'sfw/' AND substr(a.path, 1, 5) <> 'nsfw/') OR p.id IS NULL) "
#define DBR_PLACED_POSTS "FROM placed a LEFT JOIN post p ON p.id = a.post_id "

}  // namespace

Result<SetAudit> audit_sets(sql::Database& database, const ReleaseSpec& spec) {
  DBR_TRY(auto select, database.prepare("SELECT count(*), coalesce(sum(" DBR_IS_OUTSIDE "), 0) " DBR_PLACED_POSTS));
  select.bind(1, spec.sfw_ratings);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? SetAudit{select.integer(0), select.integer(1)} : SetAudit{};
}

Result<SetAudit> prove_sets(sql::Database& database, const ReleaseSpec& spec) {
  DBR_TRY(const SetAudit audit, audit_sets(database, spec));
  if (audit.outside == 0) return audit;
  DBR_TRY(auto select, database.prepare("SELECT a.post_id, coalesce(p.rating, ''), a.path " DBR_PLACED_POSTS
                                        "WHERE " DBR_IS_OUTSIDE "ORDER BY a.post_id LIMIT 1"));
  select.bind(1, spec.sfw_ratings);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return audit;
  return fail(ErrorKind::internal,
              fmt::format("{} of {} files are in the wrong set; post {}, rated \"{}\", is at {}", audit.outside,
                          audit.checked, select.integer(0), select.text(1), select.text(2)),
              "nothing of this release has been changed; please report it");
}

Result<std::string> rating_of(sql::Database& database, PostId id) {
  DBR_TRY(auto select, database.prepare("SELECT rating FROM post WHERE id = ?"));
  DBR_TRY(const bool is_row, select.bind(1, id).step());
  return std::string(is_row ? select.text(0) : "");
}

}  // namespace dbr::dataset
