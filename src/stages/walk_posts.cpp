// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "dbr/base/log.hpp"
#include "harvest.hpp"

namespace dbr::stages {
namespace {

using metadata::Post;

// Gaps on the site are hundreds long at most; a longer one is a site that counts otherwise, or a broken answer.
constexpr PostId k_longest_gap = 1'000'000;
// A post gets its ID before it becomes visible, so a fresh gap may still fill.
constexpr auto k_settling_time = std::chrono::hours(1);

// Posts of one page, and what became of the IDs between them.
class PostPages {
 public:
  PostPages(Collector& collector, const PostWalk& walk)
      : m_collector(collector), m_walk(walk), m_pages(collector.post_pages()) {}

  Result<void> run() {
    sql::Database& database = m_collector.database();
    DBR_TRY(const std::int64_t done_until, dataset::feed_position(database, done_name(m_walk.feed)));
    const std::int64_t cutoff = m_walk.cutoff.time_since_epoch().count();
    if (done_until >= cutoff) return {};
    DBR_TRY(m_position, dataset::feed_position(database, m_walk.feed));
    pipeline::Meter& meter = m_collector.start_meter(m_walk.feed);
    for (bool is_end = false; !is_end && !m_collector.is_stopping();) {
      DBR_TRY(auto page, m_pages.next(m_position));
      // Past the last post, or every post of a page past the cut-off: IDs follow creation but for moments.
      const PostId end = end_of_range(page);
      const bool is_end_of_site = page.is_empty() || (is_as_of_now(page) && end == page.rows.rbegin()->first);
      is_end = end == 0 || is_end_of_site;
      const Timestamp complete_until = page.is_empty() ? m_asked_at : std::min(m_asked_at, m_walk.cutoff);
      const auto before = m_position;
      if (end != 0) DBR_CHECK(page.broken_until != 0 ? step_over(page.broken_until) : put(std::move(page), end));
      meter.add_done(m_position - before);
      if (is_end_of_site && m_walk.is_sweep) DBR_CHECK(look_beyond());
      if (is_end) DBR_CHECK(finish(complete_until));
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

  // It ends with posts that have appeared since we began: those after it are for another time.
  bool is_as_of_now(const WholePage<Post>& page) const {
    return !page.rows.empty() && page.rows.rbegin()->second.created_at >= m_asked_at;
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

  Result<void> finish(Timestamp complete_until) {
    sql::Database& database = m_collector.database();
    return m_collector.commit([&]() -> Result<void> {
      DBR_CHECK(dataset::set_posts_complete_until(database, complete_until));
      return dataset::set_feed_position(database, done_name(m_walk.feed), m_walk.cutoff.time_since_epoch().count());
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

}  // namespace

Result<void> walk_posts(Collector& collector, const PostWalk& walk) {
  return PostPages(collector, walk).run();
}

}  // namespace dbr::stages
