// SPDX-License-Identifier: MIT
// The proof that the sets are what their rule says. Nothing of placement.cpp is used: a mistake there must show here.
#include "dbr/dataset/release.hpp"

namespace dbr::dataset {
namespace {

// By the folder the path names, against the letter of the post as it is now. A rating that is missing or longer than a
// letter is nobody's.
constexpr std::string_view k_audit =
    "SELECT count(*), coalesce(sum((substr(a.path, 1, 4) = 'sfw/') <> "
    "(length(coalesce(p.rating, '')) = 1 AND instr(?, coalesce(p.rating, '')) > 0) "
    "OR (substr(a.path, 1, 4) <> 'sfw/' AND substr(a.path, 1, 5) <> 'nsfw/') OR p.id IS NULL), 0) "
    "FROM placed a LEFT JOIN post p ON p.id = a.post_id";

}  // namespace

Result<SetAudit> audit_sets(sql::Database& database, const ReleaseSpec& spec) {
  DBR_TRY(auto select, database.prepare(k_audit));
  select.bind(1, spec.sfw_ratings);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? SetAudit{select.integer(0), select.integer(1)} : SetAudit{};
}

}  // namespace dbr::dataset
