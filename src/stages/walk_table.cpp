// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <limits>

#include "dbr/base/log.hpp"
#include "dbr/base/time.hpp"
#include "walk.hpp"

namespace dbr::stages {
namespace {

using metadata::Record;

// When a row appeared; rows that do not say so count by their last change, which for those is at most an hour later.
std::optional<Timestamp> creation_of(const Record& row) {
  for (const Timestamp moment : {row.created_at, row.updated_at}) {
    if (moment != Timestamp()) return moment;
  }
  return std::nullopt;
}

class TablePages {
 public:
  TablePages(Collector& collector, const TableWalk& walk)
      : m_collector(collector), m_walk(walk), m_pages(collector.row_pages(walk.selection)) {}

  Result<void> run() {
    sql::Database& database = m_collector.database();
    DBR_TRY(const std::int64_t is_done, dataset::feed_position(database, done_name(m_walk.feed)));
    if (is_done != 0) return {};
    DBR_TRY(m_position, dataset::feed_position(database, m_walk.feed));
    pipeline::Meter& meter = m_collector.start_meter(m_walk.feed);
    for (bool is_end = false; !is_end && !m_collector.is_stopping();) {
      auto page = m_pages.next(m_position);
      if (!page && page.error().kind == ErrorKind::not_found) {
        log::warning("this site has no {}: what changed there is not found", m_walk.selection.table);
        page = WholePage<Record>();
      }
      if (!page) return fail(page.error());
      is_end = page->is_empty() || is_as_of_now(*page);
      DBR_TRY(const auto found, by_id(*page, is_end));
      DBR_CHECK(m_collector.commit([&] { return put(*page, found, is_end); }));
      meter.add_done(static_cast<std::int64_t>(page->rows.size()));
    }
    meter.finish();
    return {};
  }

 private:
  // Rows that have to be asked for one by one: those that break the page, and those we know and it does not show.
  Result<Found<Record>> by_id(const WholePage<Record>& page, bool is_end) {
    auto lookup = m_collector.row_lookup(m_walk.selection.table);
    if (page.broken_until != 0) return lookup(ids_between(m_position, page.broken_until));
    if (!m_walk.is_sweep) return Found<Record>();
    const std::int64_t last = is_end ? std::numeric_limits<std::int64_t>::max() : page.rows.rbegin()->first;
    DBR_TRY(auto ids, dataset::record_ids(m_collector.database(), *m_walk.table, m_position, last));
    std::erase_if(ids, [&](std::int64_t id) { return page.rows.contains(id); });
    return lookup(ids);
  }

  bool is_as_of_now(const WholePage<Record>& page) const {
    if (page.rows.empty()) return false;
    const auto creation = creation_of(page.rows.rbegin()->second);
    return creation && *creation >= m_walk.until;
  }

  Result<void> put(const WholePage<Record>& page, const Found<Record>& found, bool is_end) {
    for (const auto& [id, row] : page.rows) DBR_CHECK(put(row));
    for (const auto& [id, row] : found.rows) DBR_CHECK(put(row));
    if (m_walk.table) {
      for (const auto& [id, reason] : found.unread) DBR_CHECK(m_collector.put_skipped(m_walk.table, id, reason));
      for (const std::int64_t id : found.absent) DBR_CHECK(m_collector.put_absent(m_walk.table, id));
    }
    if (page.has_nameless_rows) log::warning("{}: rows without an ID were left out", m_walk.selection.table);
    if (is_end) DBR_CHECK(dataset::set_feed_position(m_collector.database(), done_name(m_walk.feed), 1));
    if (page.is_empty()) return {};
    m_position = page.broken_until != 0 ? page.broken_until : page.rows.rbegin()->first;
    return dataset::set_feed_position(m_collector.database(), m_walk.feed, m_position);
  }

  Result<void> put(const Record& row) {
    if (m_walk.table) DBR_CHECK(m_collector.put(*m_walk.table, row));
    return m_walk.on_row ? m_walk.on_row(row) : Result<void>();
  }

  Collector& m_collector;
  const TableWalk& m_walk;
  PageReader<Record> m_pages;
  std::int64_t m_position = 0;
};

}  // namespace

Result<void> walk_table(Collector& collector, const TableWalk& walk) {
  return TablePages(collector, walk).run();
}

}  // namespace dbr::stages
