// SPDX-License-Identifier: MIT
// fetch-metadata: posts by ID keyset from where the last run stopped up to the cut-off, then the other tables likewise.
// Each page is one transaction together with the position after it, so a killed run repeats at most one page.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/posts.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using metadata::Post;
using metadata::PostState;

constexpr std::string_view k_posts_feed = "posts";
// Gaps on the site are hundreds long at most; a longer one is a site that counts otherwise, or a broken answer.
constexpr PostId k_longest_gap = 1'000'000;
// A post gets its ID before it becomes visible, so a fresh gap may still fill.
constexpr auto k_settling_time = std::chrono::hours(1);

class Harvest {
 public:
  Harvest(const Context& context, site::Booru& booru, sql::Database& database, dataset::MetadataWriter writer)
      : m_context(context), m_booru(booru), m_database(database), m_writer(std::move(writer)) {}

  // Rows an earlier run could not read.
  Result<void> unread() {
    DBR_TRY(const auto ids, dataset::unread_posts(m_database));
    return listed_posts(ids);
  }

  Result<void> posts(Timestamp cutoff) {
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata posts");
    DBR_TRY(PostId position, dataset::feed_position(m_database, k_posts_feed));
    bool is_settled = true;  // false once the end is so fresh that posts may still appear in its gaps
    const Timestamp asked_at = now();
    while (!m_context.stop.is_stopping()) {
      DBR_TRY(const Page page, whole_page(position));
      if (page.posts.empty() && !page.missing.empty()) {
        DBR_TRY(position, put_unread_end(page));
        continue;
      }
      const PostId end = end_of_range(page, cutoff);
      if (end == 0) {
        // Past the last post, or every post of a page past the cut-off: IDs follow creation but for moments.
        DBR_CHECK(dataset::set_posts_complete_until(m_database, page.posts.empty() ? asked_at : cutoff));
        break;
      }
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (const auto& [id, post] : page.posts) {
        if (id > end) break;
        is_settled = is_settled && post.created_at < asked_at - k_settling_time;
        if (is_settled) DBR_CHECK(put_gaps(position, id, page));
        DBR_CHECK(m_writer.put(post));
        position = id;
        ++m_posts;
        meter.add_done();
        // Fresh posts are kept, but the next run reads them again, with what has appeared between them.
        if (is_settled) DBR_CHECK(dataset::set_feed_position(m_database, k_posts_feed, position));
      }
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
    }
    meter.finish();
    return {};
  }

  Result<void> table(metadata::Table table) {
    const std::string name(to_string(table));
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata " + name);
    DBR_TRY(std::int64_t position, dataset::feed_position(m_database, name));
    while (!m_context.stop.is_stopping()) {
      DBR_TRY(const auto rows, whole_rows(table, position));
      if (rows.empty()) break;
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (const auto& [id, record] : rows) DBR_CHECK(m_writer.put(table, record));
      position = rows.rbegin()->first;
      DBR_CHECK(dataset::set_feed_position(m_database, name, position));
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
      m_rows[name] += static_cast<std::int64_t>(rows.size());
      meter.add_done(static_cast<std::int64_t>(rows.size()));
    }
    meter.finish();
    return {};
  }

  Result<void> listed_posts(const std::vector<PostId>& ids) {
    if (ids.empty()) return {};
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata listed posts");
    meter.set_total(static_cast<std::int64_t>(ids.size()));
    for (const PostId id : ids) {
      if (m_context.stop.is_stopping()) break;
      const auto post = m_booru.post(id, m_context.stop);
      if (!post && post.error().kind != ErrorKind::network) return fail(post.error());
      if (!post) log::warning("{}", post.error().message);
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      DBR_CHECK(!post ? m_writer.put_gap(id, PostState::unread) : *post ? m_writer.put(**post) : m_writer.put_gap(id));
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
      ++m_posts;
      meter.add_done();
    }
    meter.finish();
    return {};
  }

  Result<Report> report() const {
    DBR_TRY(const auto unread, dataset::unread_posts(m_database));
    Json facts = {{"posts", m_posts}, {"requests", m_booru.requests_sent()}, {"unread", unread.size()}};
    std::int64_t rows = 0;
    for (const auto& [name, count] : m_rows) {
      facts[name] = count;
      rows += count;
    }
    std::string text = fmt::format("{} posts and {} other rows read with {} requests", format_count(m_posts),
                                   format_count(rows), format_count(m_booru.requests_sent()));
    if (!unread.empty()) text += fmt::format(", {} posts could not be read", unread.size());
    const ExitCode code = m_context.stop.is_stopping() ? ExitCode::interrupted
                          : !unread.empty()            ? ExitCode::items_left
                                                       : ExitCode::ok;
    return make_report("fetch-metadata", std::move(text), facts, code);
  }

 private:
  struct Page {
    std::map<PostId, Post> posts;
    std::map<PostId, PostState> missing;  // IDs between two posts, and what became of them
  };

  // 0 when nothing of the page was created before the cut-off.
  static PostId end_of_range(const Page& page, Timestamp cutoff) {
    PostId end = 0;
    for (const auto& [id, post] : page.posts) {
      if (post.created_at < cutoff) end = id;
    }
    return end;
  }

  // Asks until an answer is full or adds nothing: a short page may have lost rows on its way.
  template <class Ask, class Add>
  static Result<void> ask_until_nothing_new(Ask ask, Add add) {
    for (;;) {
      DBR_TRY(auto page, ask());
      const bool is_full = page.is_full;
      if (!add(std::move(page)) || is_full) return {};
    }
  }

  Result<std::map<std::int64_t, metadata::Record>> whole_rows(metadata::Table table, std::int64_t after) {
    std::map<std::int64_t, metadata::Record> rows;
    DBR_CHECK(ask_until_nothing_new([&] { return m_booru.records_after(table, after, m_context.stop); },
                                    [&](metadata::RecordPage page) {
                                      if (page.refused > 0) {
                                        log::warning("{}: {} rows without an ID were left out", to_string(table),
                                                     page.refused);
                                      }
                                      const std::size_t before = rows.size();
                                      for (auto& record : page.records)
                                        rows.insert_or_assign(record.id, std::move(record));
                                      return rows.size() > before;
                                    }));
    return rows;
  }

  // The page after `after`, and what became of the IDs in between. Only a full page proves that they do not exist; a
  // short one is asked for again, and what is still missing is asked for by ID: a gap is recorded as an expunged post,
  // which must be true.
  Result<Page> whole_page(PostId after) {
    Page whole;
    bool is_full = false;
    bool has_nameless_rows = false;  // hidden posts, as they were sent for some years
    std::set<PostId> unread;
    const auto add = [&](site::Booru::Page page) {
      is_full = is_full || page.is_full;
      const std::size_t before = whole.posts.size();
      for (Post& post : page.posts) whole.posts.insert_or_assign(post.id, std::move(post));
      for (const auto& row : page.refused) {
        has_nameless_rows = has_nameless_rows || row.id == 0;
        if (row.id > after && unread.insert(row.id).second) log::warning("{}; it is asked for again", row.reason);
      }
      return whole.posts.size() > before;
    };
    DBR_CHECK(ask_until_nothing_new([&] { return m_booru.posts_after(after, m_context.stop); }, add));
    if (whole.posts.empty() && is_full) {
      return fail(
          ErrorKind::network,
          fmt::format("cannot read the posts after {}: the site sends rows, none of them a readable post", after));
    }
    std::vector<PostId> missing = missing_ids(whole, after, unread);
    if (!is_full && !has_nameless_rows) {
      for (std::size_t at = 0; at < missing.size(); at += site::Booru::k_most_listed) {
        const std::vector<PostId> some(
            missing.begin() + static_cast<std::ptrdiff_t>(at),
            missing.begin() + static_cast<std::ptrdiff_t>(std::min(at + site::Booru::k_most_listed, missing.size())));
        DBR_CHECK(ask_until_nothing_new([&] { return m_booru.posts_listed(some, m_context.stop); }, add));
      }
      missing = missing_ids(whole, after, unread);
    }
    for (const PostId id : missing) {
      PostState state = PostState::expunged;
      if (has_nameless_rows) {
        DBR_TRY(const auto post, m_booru.post(id, m_context.stop));
        if (post) state = PostState::withheld;
      }
      whole.missing[id] = state;
    }
    for (const PostId id : unread) whole.missing.insert_or_assign(id, PostState::unread);
    return whole;
  }

  static std::vector<PostId> missing_ids(const Page& page, PostId after, const std::set<PostId>& unread) {
    std::vector<PostId> missing;
    PostId before = after;
    for (const auto& [id, post] : page.posts) {
      if (id - before > k_longest_gap) {
        log::warning("no posts between {} and {}: a gap of this length is not recorded ID by ID", before, id);
      } else {
        for (PostId gap = before + 1; gap < id; ++gap) {
          if (!unread.contains(gap)) missing.push_back(gap);
        }
      }
      before = id;
    }
    return missing;
  }

  // The last rows the site has, none of them readable: they wait, and the harvest goes on behind them.
  Result<PostId> put_unread_end(const Page& page) {
    const PostId end = page.missing.rbegin()->first;
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    DBR_CHECK(put_gaps(0, end + 1, page));
    DBR_CHECK(dataset::set_feed_position(m_database, k_posts_feed, end));
    DBR_CHECK(m_writer.finish());
    DBR_CHECK(transaction.commit());
    return end;
  }

  Result<void> put_gaps(PostId after, PostId before, const Page& page) {
    for (auto gap = page.missing.upper_bound(after); gap != page.missing.end() && gap->first < before; ++gap) {
      DBR_CHECK(m_writer.put_gap(gap->first, gap->second));
    }
    return {};
  }

  const Context& m_context;
  site::Booru& m_booru;
  sql::Database& m_database;
  dataset::MetadataWriter m_writer;
  std::int64_t m_posts = 0;
  std::map<std::string, std::int64_t> m_rows;
};

}  // namespace

Result<Report> fetch_metadata(const Context& context) {
  DBR_TRY(const auto spec, release_spec(context.settings));
  DBR_TRY(auto booru, open_booru(context.settings, 1));
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(auto writer, dataset::MetadataWriter::create(database));
  if (context.settings.dry_run) {
    DBR_TRY(const PostId position, dataset::feed_position(database, k_posts_feed));
    return make_report("fetch-metadata", fmt::format("would go on after post {}", position), {{"position", position}});
  }
  Harvest harvest(context, booru, database, std::move(writer));
  if (context.settings.ids) {
    DBR_TRY(const auto ids, read_ids(*context.settings.ids));
    DBR_CHECK(harvest.listed_posts(ids));
    return harvest.report();
  }
  DBR_CHECK(harvest.unread());
  DBR_CHECK(harvest.posts(spec ? spec->cutoff : Timestamp::max()));
  for (const metadata::Table table : metadata::k_tables) DBR_CHECK(harvest.table(table));
  return harvest.report();
}

}  // namespace dbr::stages
