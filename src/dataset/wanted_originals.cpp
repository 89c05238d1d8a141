// SPDX-License-Identifier: MIT
#include "dbr/dataset/wanted_originals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <ranges>

#include "dbr/base/digest.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/metadata/post.hpp"
#include "queries.hpp"

namespace dbr::dataset {
namespace {

Result<WantedOriginal> read_wanted(RecordReader& reader, const sql::Statement& row) {
  DBR_TRY(const std::string json, reader.post_without_tags(row));
  metadata::RecordFacts facts = metadata::read_facts(json);
  return WantedOriginal{.id = row.integer(6),
                        .md5 = to_hex(row.text(2)),
                        .file_ext = std::move(facts.file_ext),
                        .file_url = std::move(facts.file_url),
                        .file_size = row.integer(1),
                        .held_ext = std::string(row.text(7)),
                        .rating = std::string(row.text(5)),
                        .tags = std::string(row.text(3))};
}

// Appends a statement's rows. The statement is left as it was before its first row.
Result<void> read_all(RecordReader& reader, sql::Statement& select, std::vector<WantedOriginal>& items) {
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_TRY(auto item, read_wanted(reader, select));
    items.push_back(std::move(item));
  }
}

}  // namespace

struct WantedOriginals::State {
  sql::Database& database;
  PostRange range;
  FetchOrder order;
  RecordReader reader;
  sql::Statement select_rising;
  sql::Statement select_falling;
  sql::Statement select_totals;
  std::optional<sql::Statement> select_small = {};

  PostId at = 0;  // what was given last
  ByteCount at_size = -1;

  using Items = std::vector<WantedOriginal>;

  // The IDs after..last, in the parts of the table that have wanted originals. `on_span` returns false to stop.
  Result<void> for_each_span(PostId after, PostId last, bool is_falling,
                             const std::function<Result<bool>(PostId after, PostId last)>& on_span) const {
    DBR_TRY(auto select, database.prepare(is_falling ? k_wanted_spans_falling : k_wanted_spans));
    select.bind(1, after >> k_span_bits).bind(2, last >> k_span_bits);
    for (;;) {
      DBR_TRY(const bool is_row, select.step());
      if (!is_row) return {};
      const PostId first = select.integer(0) << k_span_bits;
      const PostId end = first + (PostId{1} << k_span_bits);
      DBR_TRY(const bool goes_on, on_span(std::max(after, first - 1), std::min(last, end - 1)));
      if (!goes_on) return {};
    }
  }

  Result<void> read_one(PostId id, Items& items) {
    if (id > range.last) return {};
    select_rising.bind(1, id - 1).bind(2, id).bind(3, 1);
    return read_all(reader, select_rising, items);
  }

  Result<Items> next_listed(int limit) {
    Items items;
    const auto take = [&](auto ids) -> Result<void> {
      for (const PostId id : ids) {
        if (static_cast<int>(items.size()) == limit) break;
        DBR_CHECK(read_one(id, items));
      }
      return {};
    };
    const std::vector<PostId>& ids = *range.ids;
    if (order == FetchOrder::newest) {
      DBR_CHECK(take(std::ranges::subrange(ids.begin(), std::ranges::lower_bound(ids, at)) | std::views::reverse));
    } else {
      DBR_CHECK(take(std::ranges::subrange(std::ranges::upper_bound(ids, at), ids.end())));
    }
    return items;
  }

  Result<Items> next_by_id(int limit) {
    const bool is_falling = order == FetchOrder::newest;
    sql::Statement& select = is_falling ? select_falling : select_rising;
    Items items;
    const auto on_span = [&](PostId after, PostId last) -> Result<bool> {
      select.bind(1, after).bind(2, last).bind(3, std::int64_t{limit} - static_cast<int>(items.size()));
      DBR_CHECK(read_all(reader, select, items));
      return static_cast<int>(items.size()) < limit;
    };
    if (is_falling) {
      DBR_CHECK(for_each_span(0, std::min(range.last, at - 1), true, on_span));
    } else {
      DBR_CHECK(for_each_span(at, range.last, false, on_span));
    }
    return items;
  }

  // There is no index by size: sorting once is cheaper than keeping one up to date for all time.
  Result<void> sort_by_size() {
    select_small.reset();
    DBR_CHECK(
        database.execute("DROP TABLE IF EXISTS temp.small_first; "
                         "CREATE TEMP TABLE small_first (size INTEGER, id INTEGER, PRIMARY KEY (size, id)) "
                         "WITHOUT ROWID"));
    if (range.ids) {
      DBR_TRY(auto insert, database.prepare("INSERT INTO temp.small_first SELECT coalesce(file_size, 0), id FROM post "
                                            "WHERE id = ? AND original = 0"));
      for (const PostId id : *range.ids) {
        if (id <= range.last) DBR_CHECK(insert.bind(1, id).run());
      }
    } else {
      DBR_TRY(auto insert, database.prepare("INSERT INTO temp.small_first SELECT coalesce(file_size, 0), id "
                                            "FROM post NOT INDEXED WHERE original = 0 AND id <= ? ORDER BY 1, 2"));
      DBR_CHECK(insert.bind(1, range.last).run());
    }
    DBR_TRY(select_small, database.prepare("SELECT size, id FROM temp.small_first WHERE (size, id) > (?, ?) "
                                           "ORDER BY size, id LIMIT ?"));
    return {};
  }

  Result<Items> next_by_size(int limit) {
    if (!select_small) DBR_CHECK(sort_by_size());
    Items items;
    // What was settled since the table was made is passed over.
    while (items.empty()) {
      select_small->bind(1, at_size).bind(2, at).bind(3, limit);
      bool is_any = false;
      for (;;) {
        DBR_TRY(const bool is_row, select_small->step());
        if (!is_row) break;
        is_any = true;
        at_size = select_small->integer(0);
        at = select_small->integer(1);
        DBR_CHECK(read_one(at, items));
      }
      if (!is_any) break;
    }
    return items;
  }

  void start_again() {
    at = order == FetchOrder::newest ? std::numeric_limits<PostId>::max() : 0;
    at_size = -1;
    select_small.reset();
  }
};

WantedOriginals::WantedOriginals(std::unique_ptr<State> state) : m_state(std::move(state)) {}
WantedOriginals::WantedOriginals(WantedOriginals&&) noexcept = default;
WantedOriginals& WantedOriginals::operator=(WantedOriginals&&) noexcept = default;
WantedOriginals::~WantedOriginals() = default;

Result<WantedOriginals> WantedOriginals::open(sql::Database& database, PostRange range, FetchOrder order) {
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(auto select_rising, database.prepare(k_wanted_originals));
  DBR_TRY(auto select_falling, database.prepare(k_wanted_originals_falling));
  DBR_TRY(auto select_totals, database.prepare(k_wanted_totals));
  auto state =
      std::make_unique<State>(State{database, std::move(range), order, std::move(reader), std::move(select_rising),
                                    std::move(select_falling), std::move(select_totals)});
  state->start_again();
  return WantedOriginals(std::move(state));
}

Result<std::vector<WantedOriginal>> WantedOriginals::next(bool from_start, int limit) {
  State& s = *m_state;
  if (from_start) s.start_again();
  if (s.order == FetchOrder::smallest) return s.next_by_size(limit);
  auto items = s.range.ids ? s.next_listed(limit) : s.next_by_id(limit);
  if (items && !items->empty()) s.at = items->back().id;
  return items;
}

Result<Totals> WantedOriginals::totals() {
  State& s = *m_state;
  Totals totals;
  const auto add = [&](PostId after, PostId last) -> Result<bool> {
    s.select_totals.bind(1, after).bind(2, last);
    DBR_TRY(const bool is_row, s.select_totals.step());
    if (is_row) {
      totals.items += s.select_totals.integer(0);
      totals.bytes += s.select_totals.integer(1);
    }
    s.select_totals.reset();
    return true;
  };
  if (!s.range.ids) {
    DBR_CHECK(s.for_each_span(0, s.range.last, false, add));
    return totals;
  }
  for (const PostId id : *s.range.ids) {
    if (id <= s.range.last) DBR_CHECK(add(id - 1, id));
  }
  return totals;
}

Result<std::vector<WantedOriginal>> originals_of(sql::Database& database, const std::vector<PostId>& ids) {
  DBR_TRY(auto reader, RecordReader::create(database));
  DBR_TRY(auto select, database.prepare("SELECT " DBR_POST_RECORD
                                        ", p.id, coalesce(o.file_ext, '') FROM post p LEFT JOIN original o "
                                        "ON o.post_id = p.id WHERE p.id = ? AND p.record IS NOT NULL"));
  std::vector<WantedOriginal> items;
  for (const PostId id : ids) DBR_CHECK(read_all(reader, select.bind(1, id), items));
  return items;
}

Result<std::vector<WantedOriginal>> stored_samples(sql::Database& database, int limit) {
  DBR_TRY(auto reader, RecordReader::create(database));
  std::vector<WantedOriginal> items;
  // Small ones, unless there are none.
  for (const std::string_view wish :
       {"<= 4000000 ORDER BY o.post_id DESC", "<= 4000000 ORDER BY o.post_id ASC", "> 4000000 ORDER BY o.size"}) {
    if (wish.starts_with('>') && !items.empty()) break;
    DBR_TRY(auto select, database.prepare(fmt::format("SELECT " DBR_POST_RECORD
                                                      ", p.id, '', coalesce(o.source_size, o.size) FROM original o "
                                                      "CROSS JOIN post p ON p.id = o.post_id WHERE p.original = 1 "
                                                      "AND p.state IN (0, 1) AND o.size > 0 AND o.size {} LIMIT ?",
                                                      wish)));
    select.bind(1, limit);
    for (;;) {
      DBR_TRY(const bool is_row, select.step());
      if (!is_row) break;
      DBR_TRY(auto item, read_wanted(reader, select));
      item.file_size = select.integer(8);  // as it came, whatever the site says
      items.push_back(std::move(item));
    }
  }
  return items;
}

}  // namespace dbr::dataset
