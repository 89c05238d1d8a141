// SPDX-License-Identifier: MIT
// fetch-metadata: posts by ID keyset from where the last run stopped up to the cut-off, then the other tables likewise.
// Each page is one transaction together with the position after it, so a killed run repeats at most one page.
#include <fmt/format.h>

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

constexpr std::string_view k_posts_feed = "posts";
// Gaps on the site are hundreds long at most; a longer one is a site that counts otherwise, or a broken answer.
constexpr PostId k_longest_gap = 1'000'000;

class Harvest {
 public:
  Harvest(const Context& context, site::Booru& booru, sql::Database& database, dataset::MetadataWriter writer)
      : m_context(context), m_booru(booru), m_database(database), m_writer(std::move(writer)) {
    if (context.settings.max_duration) m_deadline = std::chrono::steady_clock::now() + *context.settings.max_duration;
  }

  Result<void> posts(Timestamp cutoff) {
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata posts");
    DBR_TRY(PostId position, dataset::feed_position(m_database, k_posts_feed));
    const Timestamp asked_at = now();
    while (may_go_on()) {
      DBR_TRY(const Page page, whole_page(position));
      PostId last_in_range = 0;
      for (const auto& [id, post] : page.posts) {
        if (post.created_at < cutoff) last_in_range = id;
      }
      if (last_in_range == 0) {
        // Past the last post, or every post of a page past the cut-off: IDs follow creation but for moments.
        DBR_CHECK(dataset::set_posts_complete_until(m_database, page.posts.empty() ? asked_at : cutoff));
        break;
      }
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (const auto& [id, post] : page.posts) {
        if (id > last_in_range) break;
        DBR_CHECK(put_gaps(position, id, page));
        DBR_CHECK(m_writer.put(post));
        position = id;
        ++m_posts;
        meter.add_done();
      }
      DBR_CHECK(dataset::set_feed_position(m_database, k_posts_feed, position));
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
    while (may_go_on()) {
      DBR_TRY(const auto page, m_booru.records_after(table, position, m_context.stop));
      if (page.refused > 0) log::warning("{}: {} rows without an ID were left out", name, page.refused);
      if (page.records.empty()) break;
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (const auto& record : page.records) DBR_CHECK(m_writer.put(table, record));
      position = page.records.back().id;
      DBR_CHECK(dataset::set_feed_position(m_database, name, position));
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
      m_rows[name] += static_cast<std::int64_t>(page.records.size());
      meter.add_done(static_cast<std::int64_t>(page.records.size()));
    }
    meter.finish();
    return {};
  }

  Result<void> listed_posts(const std::vector<PostId>& ids) {
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata posts");
    meter.set_total(static_cast<std::int64_t>(ids.size()));
    for (const PostId id : ids) {
      if (!may_go_on()) break;
      DBR_TRY(const auto post, m_booru.post(id, m_context.stop));
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      DBR_CHECK(post ? m_writer.put(*post) : m_writer.put_gap(id));
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
      ++m_posts;
      meter.add_done();
    }
    meter.finish();
    return {};
  }

  Report report() const {
    Json facts = {{"posts", m_posts}, {"requests", m_booru.requests_sent()}};
    std::int64_t rows = 0;
    for (const auto& [name, count] : m_rows) {
      facts[name] = count;
      rows += count;
    }
    const ExitCode code = m_context.stop.is_stopping() ? ExitCode::interrupted
                          : m_is_limited               ? ExitCode::limit
                                                       : ExitCode::ok;
    return make_report("fetch-metadata",
                       fmt::format("{} posts and {} other rows read with {} requests", format_count(m_posts),
                                   format_count(rows), format_count(m_booru.requests_sent())),
                       std::move(facts), code);
  }

 private:
  struct Page {
    std::map<PostId, Post> posts;
    std::set<PostId> unreadable;     // rows that name an ID but are no posts
    bool has_nameless_rows = false;  // hidden posts, as they were sent for some years
  };

  bool may_go_on() {
    m_is_limited = m_is_limited || (m_deadline && std::chrono::steady_clock::now() >= *m_deadline);
    return !m_is_limited && !m_context.stop.is_stopping();
  }

  // A page may be short without being the last. Only a full one proves that nothing inside it was dropped, so a short
  // one is asked for again until an answer adds nothing: a gap is recorded as an expunged post, which must be true.
  Result<Page> whole_page(PostId after) {
    Page whole;
    for (;;) {
      DBR_TRY(auto page, m_booru.posts_after(after, m_context.stop));
      const std::size_t before = whole.posts.size();
      for (Post& post : page.posts) whole.posts.insert_or_assign(post.id, std::move(post));
      for (const auto& row : page.refused) {
        if (row.id == 0)
          whole.has_nameless_rows = true;
        else if (whole.unreadable.insert(row.id).second)
          log::warning("{}; it is left out", row.reason);
      }
      const auto& posts = whole.posts;
      const bool has_gaps = !posts.empty() && posts.rbegin()->first - after > static_cast<PostId>(posts.size());
      if (page.is_whole || !has_gaps || posts.size() == before) return whole;
    }
  }

  // What lies between two posts of a page does not exist (any more), or is hidden without even an ID.
  Result<void> put_gaps(PostId after, PostId before, const Page& page) {
    if (before - after > k_longest_gap) {
      log::warning("no posts between {} and {}: a gap of this length is not recorded ID by ID", after, before);
      return {};
    }
    const auto state = page.has_nameless_rows ? metadata::PostState::withheld : metadata::PostState::expunged;
    for (PostId id = after + 1; id < before; ++id) {
      if (!page.unreadable.contains(id)) DBR_CHECK(m_writer.put_gap(id, state));
    }
    return {};
  }

  const Context& m_context;
  site::Booru& m_booru;
  sql::Database& m_database;
  dataset::MetadataWriter m_writer;
  std::optional<std::chrono::steady_clock::time_point> m_deadline;
  bool m_is_limited = false;
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
  DBR_CHECK(harvest.posts(spec ? spec->cutoff : Timestamp::max()));
  for (const metadata::Table table : metadata::k_tables) DBR_CHECK(harvest.table(table));
  return harvest.report();
}

}  // namespace dbr::stages
