// SPDX-License-Identifier: MIT
#include "dbr/dataset/requeue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dbr/dataset/files.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/dataset/states.hpp"
#include "dbr/metadata/post.hpp"
#include "queries.hpp"

namespace dbr::dataset {
namespace {

// Posts in a transaction.
constexpr int k_portion = 20'000;

// Failed forms are few: the only walk over the table is a command's, not a stage's.
constexpr std::string_view k_failed_ml =
    "SELECT post_id, reason FROM ml WHERE state = 4 AND post_id > ? ORDER BY post_id LIMIT ?";
constexpr std::string_view k_failed_originals =
    "SELECT p.id, o.reason FROM post p INDEXED BY post_set_aside LEFT JOIN original o ON o.post_id = p.id "
    "WHERE p.original IN (2, 3, 6, 7, 8) AND p.original = ? AND p.id > ? ORDER BY p.id LIMIT ?";

struct Failed {
  PostId id = 0;
  std::string reason;
};

Result<std::vector<Failed>> read_failed(sql::Statement& select) {
  std::vector<Failed> found;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return found;
    found.push_back({select.integer(0), std::string(select.text(1))});
  }
}

// Which of one state are meant.
class Filter {
 public:
  Filter(std::string_view state, const std::vector<std::string>& reasons, const PostRange& range)
      : m_state(state), m_reasons(reasons), m_range(range) {}

  bool holds_for(const Failed& post) const {
    const auto is_named = [&](std::string_view word) { return std::ranges::find(m_reasons, word) != m_reasons.end(); };
    return post.id <= m_range.last && (!m_range.ids || std::ranges::binary_search(*m_range.ids, post.id)) &&
           (m_reasons.empty() || is_named(m_state) || is_named(post.reason));
  }
  std::string name_of(const Failed& post) const {
    return post.reason.empty() ? std::string(m_state) : fmt::format("{}: {}", m_state, post.reason);
  }

 private:
  std::string_view m_state;
  const std::vector<std::string>& m_reasons;
  const PostRange& m_range;
};

// Portion by portion, so that neither memory nor a transaction grows with the number of posts.
Result<void> for_each_failed(sql::Database& database, const Filter& filter, bool is_dry,
                             const std::function<Result<std::vector<Failed>>(PostId after)>& next,
                             const std::function<Result<void>(PostId id)>& send_back,
                             std::map<std::string, std::int64_t>& counts) {
  for (PostId after = 0;;) {
    DBR_TRY(const auto found, next(after));
    if (found.empty()) return {};
    after = found.back().id;
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    for (const Failed& post : found) {
      if (!filter.holds_for(post)) continue;
      ++counts[filter.name_of(post)];
      if (!is_dry) DBR_CHECK(send_back(post.id));
    }
    DBR_CHECK(transaction.commit());
  }
}

}  // namespace

Result<void> requeue_refused(sql::Database& database,
                             const std::function<bool(std::string_view file_ext, std::string_view file_url)>& may_go) {
  DBR_TRY(auto select, database.prepare("SELECT " DBR_POST_RECORD ", p.id FROM post p INDEXED BY post_set_aside "
                                        "CROSS JOIN original o ON o.post_id = p.id "
                                        "WHERE p.original IN (2, 3, 6, 7, 8) AND p.original = 6 "
                                        "AND o.reason IN ('url', 'extension')"));
  DBR_TRY(auto reader, RecordReader::create(database));
  std::vector<PostId> ids;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) break;
    DBR_TRY(const std::string json, reader.post_without_tags(select));
    const metadata::RecordFacts facts = metadata::read_facts(json);
    if (may_go(facts.file_ext, facts.file_url)) ids.push_back(select.integer(6));
  }
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  for (const PostId id : ids) DBR_CHECK(record_original(database, {.id = id, .state = OriginalState::wanted}));
  return transaction.commit();
}

Result<Requeued> requeue_failed(sql::Database& database, const std::vector<std::string>& reasons,
                                const PostRange& range, bool is_dry) {
  Requeued requeued;
  for (const auto state :
       {OriginalState::absent, OriginalState::mismatch, OriginalState::refused, OriginalState::quarantined}) {
    DBR_TRY(auto select, database.prepare(k_failed_originals));
    const auto next = [&](PostId after) {
      return read_failed(select.bind(1, static_cast<std::int64_t>(state)).bind(2, after).bind(3, k_portion));
    };
    const auto send_back = [&](PostId id) {
      return record_original(database, {.id = id, .state = OriginalState::wanted});
    };
    DBR_CHECK(for_each_failed(database, Filter(to_string(state), reasons, range), is_dry, next, send_back,
                              requeued.originals));
  }
  DBR_TRY(auto select, database.prepare(k_failed_ml));
  DBR_TRY(auto update, database.prepare("UPDATE ml SET state = 1, reason = NULL, detail = NULL WHERE post_id = ?"));
  const auto next = [&](PostId after) { return read_failed(select.bind(1, after).bind(2, k_portion)); };
  const auto send_back = [&](PostId id) { return update.bind(1, id).run(); };
  DBR_CHECK(for_each_failed(database, Filter(to_string(MlState::failed), reasons, range), is_dry, next, send_back,
                            requeued.ml_forms));
  return requeued;
}

}  // namespace dbr::dataset
