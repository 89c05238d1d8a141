// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <numeric>

#include "dbr/base/log.hpp"
#include "harvest.hpp"

namespace dbr::stages {
namespace {

using metadata::Post;
using metadata::Record;

// Gaps on the site are hundreds long at most; a longer one is a site that counts otherwise, or a broken answer.
constexpr PostId k_longest_gap = 1'000'000;
// A post gets its ID before it becomes visible, so a fresh gap may still fill.
constexpr auto k_settling_time = std::chrono::hours(1);

std::string done(const std::string& feed) {
  return std::string(k_done_prefix) + feed;
}

std::vector<std::int64_t> ids_between(std::int64_t after, std::int64_t last) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(last - after));
  std::iota(ids.begin(), ids.end(), after + 1);
  return ids;
}

// Posts of one page, and what became of the IDs between them.
class PostPages {
 public:
  PostPages(Collector& collector, const PostWalk& walk)
      : m_collector(collector), m_walk(walk), m_pages(collector.post_pages()) {}

  Result<void> run() {
    sql::Database& database = m_collector.database();
    DBR_TRY(const std::int64_t done_until, dataset::feed_position(database, done(m_walk.feed)));
    const std::int64_t cutoff = m_walk.cutoff.time_since_epoch().count();
    if (done_until >= cutoff) return {};
    DBR_TRY(m_position, dataset::feed_position(database, m_walk.feed));
    pipeline::Meter& meter = m_collector.start_meter(m_walk.feed);
    while (!m_collector.is_stopping()) {
      DBR_TRY(auto page, m_pages.next(m_position));
      // Past the last post, or every post of a page past the cut-off: IDs follow creation but for moments.
      const PostId end = end_of_range(page);
      if (end == 0) {
        DBR_CHECK(finish(page.is_empty()));
        break;
      }
      const auto before = m_position;
      DBR_CHECK(page.broken_until != 0 ? step_over(page.broken_until) : put(std::move(page), end));
      meter.add_done(m_position - before);
    }
    meter.finish();
    return {};
  }

 private:
  PostId end_of_range(const WholePage<Post>& page) const {
    if (page.broken_until != 0) return page.broken_until;
    if (page.rows.empty()) return page.refused.empty() ? 0 : page.refused.rbegin()->first;
    PostId end = 0;
    for (const auto& [id, post] : page.rows) {
      if (post.created_at < m_walk.cutoff) end = id;
    }
    return end;
  }

  Result<void> put(WholePage<Post> page, PostId end) {
    DBR_TRY(const Found<Post> gaps, what_became_of_gaps(page, end));
    page.rows.insert(gaps.rows.begin(), gaps.rows.end());
    page.refused.insert(gaps.unread.begin(), gaps.unread.end());
    return m_collector.commit([&]() -> Result<void> {
      auto absent = gaps.absent.begin();
      PostId settled = 0;
      for (const auto& [id, post] : page.rows) {
        if (id > end) break;
        m_is_settled = m_is_settled && post.created_at < m_asked_at - k_settling_time;
        // Fresh posts are kept, but the next run reads them again, with what has appeared between them.
        for (; m_is_settled && absent != gaps.absent.end() && *absent < id; ++absent) {
          DBR_CHECK(m_collector.put_expunged(*absent));
        }
        DBR_CHECK(m_collector.put(post));
        if (m_is_settled) settled = id;
      }
      for (const auto& [id, reason] : page.refused) {
        if (id > end) break;
        DBR_CHECK(m_collector.put_skipped({}, id, reason));
        if (page.rows.empty()) settled = end;
      }
      m_position = end;
      return remember(settled);
    });
  }

  // Only a full page proves that what it lacks does not exist; a gap is recorded as an expunged post, which must be
  // true.
  Result<Found<Post>> what_became_of_gaps(const WholePage<Post>& page, PostId end) {
    std::vector<PostId> missing;
    PostId before = m_position;
    for (const auto& [id, post] : page.rows) {
      if (id > end) break;
      if (id - before > k_longest_gap) {
        log::warning("no posts between {} and {}: a gap of this length is not recorded ID by ID", before, id);
      } else {
        for (PostId gap = before + 1; gap < id; ++gap) {
          if (!page.refused.contains(gap)) missing.push_back(gap);
        }
      }
      before = id;
    }
    if (page.is_full && !page.has_nameless_rows) return Found<Post>{{}, {}, std::move(missing)};
    return m_collector.post_lookup(page.has_nameless_rows ? Proof::alone : Proof::list)(missing);
  }

  Result<void> finish(bool is_end_of_site) {
    sql::Database& database = m_collector.database();
    if (m_walk.is_sweep && is_end_of_site) DBR_CHECK(look_beyond());
    return m_collector.commit([&]() -> Result<void> {
      DBR_CHECK(dataset::set_posts_complete_until(database, is_end_of_site ? m_asked_at : m_walk.cutoff));
      return dataset::set_feed_position(database, done(m_walk.feed), m_walk.cutoff.time_since_epoch().count());
    });
  }

  // No page can be had here: ID by ID up to where the trouble ends.
  Result<void> step_over(PostId last) {
    DBR_TRY(const auto found, m_collector.post_lookup(Proof::list)(ids_between(m_position, last)));
    return m_collector.commit([&]() -> Result<void> {
      DBR_CHECK(m_collector.put_found({}, found));
      m_position = last;
      return remember(m_is_settled ? last : 0);
    });
  }

  // What we know beyond the site's last post.
  Result<void> look_beyond() {
    for (PostId after = m_position; !m_collector.is_stopping();) {
      DBR_TRY(const auto ids, dataset::shown_posts_after(m_collector.database(), after, site::Booru::k_most_listed));
      if (ids.empty()) break;
      DBR_CHECK(read_posts(m_collector, ids));
      after = ids.back();
    }
    return {};
  }

  Result<void> remember(PostId settled) {
    sql::Database& database = m_collector.database();
    const bool is_rescan = m_walk.feed != k_posts_feed;
    if (is_rescan) DBR_CHECK(dataset::set_feed_position(database, m_walk.feed, m_position));
    DBR_TRY(const std::int64_t known, dataset::feed_position(database, k_posts_feed));
    return settled > known ? dataset::set_feed_position(database, k_posts_feed, settled) : Result<void>();
  }

  Collector& m_collector;
  const PostWalk& m_walk;
  PageReader<Post> m_pages;
  const Timestamp m_asked_at = now();
  PostId m_position = 0;
  bool m_is_settled = true;  // false once the end is so fresh that posts may still appear in its gaps
};

class TablePages {
 public:
  TablePages(Collector& collector, const TableWalk& walk)
      : m_collector(collector), m_walk(walk), m_pages(collector.row_pages(walk.selection)) {}

  Result<void> run() {
    sql::Database& database = m_collector.database();
    DBR_TRY(const std::int64_t is_done, dataset::feed_position(database, done(m_walk.feed)));
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
      is_end = page->is_empty();
      DBR_TRY(const auto found, by_id(*page));
      DBR_CHECK(m_collector.commit([&] { return put(*page, found); }));
      meter.add_done(static_cast<std::int64_t>(page->rows.size()));
    }
    meter.finish();
    return {};
  }

 private:
  // Rows that have to be asked for one by one: those that break the page, and those we know and it does not show.
  Result<Found<Record>> by_id(const WholePage<Record>& page) {
    auto lookup = m_collector.row_lookup(m_walk.selection.table);
    if (page.broken_until != 0) return lookup(ids_between(m_position, page.broken_until));
    if (!m_walk.is_sweep) return Found<Record>();
    const std::int64_t last = page.is_empty() ? std::numeric_limits<std::int64_t>::max() : page.rows.rbegin()->first;
    DBR_TRY(auto ids, dataset::record_ids(m_collector.database(), *m_walk.table, m_position, last));
    std::erase_if(ids, [&](std::int64_t id) { return page.rows.contains(id); });
    return lookup(ids);
  }

  Result<void> put(const WholePage<Record>& page, const Found<Record>& found) {
    for (const auto& [id, row] : page.rows) DBR_CHECK(put(row));
    for (const auto& [id, row] : found.rows) DBR_CHECK(put(row));
    if (m_walk.table) {
      for (const auto& [id, reason] : found.unread) DBR_CHECK(m_collector.put_skipped(m_walk.table, id, reason));
      for (const std::int64_t id : found.absent) DBR_CHECK(m_collector.put_absent(m_walk.table, id));
    }
    if (page.has_nameless_rows) log::warning("{}: rows without an ID were left out", m_walk.selection.table);
    if (page.is_empty()) return dataset::set_feed_position(m_collector.database(), done(m_walk.feed), 1);
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

Result<void> walk_posts(Collector& collector, const PostWalk& walk) {
  return PostPages(collector, walk).run();
}

Result<void> walk_table(Collector& collector, const TableWalk& walk) {
  return TablePages(collector, walk).run();
}

}  // namespace dbr::stages
