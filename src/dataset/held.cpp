// SPDX-License-Identifier: MIT
#include "dbr/dataset/held.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "dbr/dataset/files.hpp"
#include "queries.hpp"
#include "settings.hpp"

namespace dbr::dataset {
namespace {

// Digests are hex in the manifest; short or odd ones (a form that failed has an empty one) become zeros.
Bytes read_bytes(const sql::Statement& row, int size_column, DigestKind kind) {
  Bytes bytes;
  bytes.size = row.integer(size_column);
  const std::string raw = from_hex(row.text(size_column + (kind == DigestKind::md5 ? 1 : 2)));
  std::copy_n(raw.begin(), std::min(raw.size(), bytes.digest.size()), bytes.digest.begin());
  return bytes;
}

KnownPost read_known(const sql::Statement& row, DigestKind kind) {
  KnownPost post;
  post.id = row.integer(0);
  post.state = static_cast<OriginalState>(row.integer(1));
  post.is_as_site_says = row.integer(2) != 0;
  post.file_ext = row.text(3);
  post.original = read_bytes(row, 4, kind);
  // Without a row there is no ML form, and none to be made yet.
  post.ml_state = row.is_null(7) ? MlState::not_a_still_image : static_cast<MlState>(row.integer(7));
  post.ml = read_bytes(row, 8, kind);
  for (int column = 11; column <= 16; column += 5) {
    if (row.is_null(column)) continue;
    const std::string_view path = row.text(column + 1);
    post.placed.push_back({k_series[static_cast<std::size_t>(row.integer(column))],
                           std::string(path.substr(path.find_last_of('.') + 1)), read_bytes(row, column + 2, kind)});
  }
  return post;
}

}  // namespace

bool is_in_part(const Part& part, PostId id, int buckets) {
  return (part.count <= buckets ? id % buckets : id) % part.count == part.number;
}

bool is_in_part(const Part& part, std::string_view name) {
  const std::string digest = digest_hex(DigestKind::md5, name);
  std::int64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 8, number, 16);
  return number % part.count == part.number;
}

Result<void> for_each_known(sql::Database& database, int buckets, const Part& part, int first, int last,
                            DigestKind kind, const std::function<void(KnownPost)>& on_post) {
  DBR_TRY(auto select, database.prepare(k_known_posts));
  select.bind(1, std::int64_t{buckets}).bind(2, std::int64_t{first}).bind(3, std::int64_t{last});
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    if (is_in_part(part, select.integer(0), buckets)) on_post(read_known(select, kind));
  }
}

Result<std::optional<KnownPost>> find_known(sql::Database& database, PostId id, DigestKind kind) {
  DBR_TRY(auto select, database.prepare(k_known_post));
  select.bind(1, id);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<KnownPost>();
  return std::optional(read_known(select, kind));
}

Result<std::optional<WantedFile>> find_wanted(sql::Database& database, PostId id) {
  DBR_TRY(auto select, database.prepare("SELECT md5, coalesce(file_size, 0), "
                                        "(SELECT value = '1' FROM setting WHERE key = ?2) "
                                        "FROM post WHERE id = ?1 AND original = 0"));
  select.bind(1, id).bind(2, k_optimize_originals);
  DBR_TRY(const bool is_row, select.step());
  if (!is_row) return std::optional<WantedFile>();
  return std::optional(WantedFile{to_hex(select.text(0)), select.integer(1), select.integer(2) != 0});
}

Result<void> requeue_original(sql::Database& database, PostId id, std::string_view problem) {
  return record_original(
      database, {.id = id, .state = OriginalState::wanted, .reason = "verify", .detail = std::string(problem)});
}

Result<void> requeue_ml(sql::Database& database, PostId id) {
  DBR_TRY(auto update, database.prepare("UPDATE ml SET state = 1 WHERE post_id = ? AND state = 2"));
  return update.bind(1, id).run();
}

Result<std::vector<std::string>> finished_releases(sql::Database& database) {
  DBR_TRY(auto select, database.prepare("SELECT name FROM release WHERE state = 1 ORDER BY name"));
  std::vector<std::string> names;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return names;
    names.emplace_back(select.text(0));
  }
}

}  // namespace dbr::dataset
