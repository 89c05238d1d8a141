// SPDX-License-Identifier: MIT
#include "refresh.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "change_feeds.hpp"
#include "dbr/base/log.hpp"
#include "harvest.hpp"

namespace dbr::stages {
namespace {

using dataset::Milestone;
using metadata::Table;

// Feeds are filled by queues that lag, and the site's clock is not ours.
constexpr auto k_margin = std::chrono::hours(2);
// A pending post is approved or deleted within three days.
constexpr auto k_unsettled_posts = std::chrono::days(4);
// When a refresh that was interrupted has become this old, another one follows.
constexpr auto k_old = std::chrono::hours(1);
constexpr std::string_view k_prefix = "changed: ";

std::string feed_name(std::string_view table) {
  return fmt::format("{}{}", k_prefix, table);
}

// Ends with the todo in the manifest for what the feeds name.
Result<void> read_feeds(Collector& collector, Timestamp since, Timestamp target) {
  sql::Database& database = collector.database();
  DBR_TRY(const PostId highest, dataset::highest_post(database));
  const auto add = [&](PostId id) { return id <= highest ? dataset::add_todo(database, id) : Result<void>(); };
  const auto on_row = [&](const metadata::Record& row) -> Result<void> {
    const NamedPosts named = named_posts(row);
    for (const PostId id : named.changed) {
      DBR_CHECK(add(id));
      if (!named.concerns_parents) continue;
      DBR_TRY(const auto known, dataset::known_relation(database, id));
      if (known && known->parent) DBR_CHECK(add(*known->parent));
    }
    return {};
  };
  for (const site::Selection& feed : change_feeds(since)) {
    if (collector.is_stopping()) return {};
    DBR_CHECK(
        walk_table(collector, {.selection = feed, .feed = feed_name(feed.table), .until = target, .on_row = on_row}));
  }
  return {};
}

Result<void> read_changed_rows(Collector& collector, Timestamp since, Timestamp target) {
  for (const Table table : metadata::k_tables) {
    // Users do not say when they changed.
    if (table == Table::users || collector.is_stopping()) continue;
    TableWalk walk{.selection = changed_since(to_string(table), since),
                   .feed = feed_name(to_string(table)),
                   .table = table,
                   .until = target};
    // A note moves its post's last_noted_at, and no feed says so.
    if (table == Table::notes) {
      walk.on_row = [&](const metadata::Record& row) {
        return row.post_id ? dataset::add_todo(collector.database(), *row.post_id) : Result<void>();
      };
    }
    DBR_CHECK(walk_table(collector, walk));
  }
  return {};
}

Result<void> drain_todo(Collector& collector) {
  sql::Database& database = collector.database();
  const auto remove = [&](const std::vector<PostId>& batch) -> Result<void> {
    for (const PostId id : batch) DBR_CHECK(dataset::remove_todo(database, id));
    return {};
  };
  while (!collector.is_stopping()) {
    DBR_TRY(const auto ids, dataset::next_todo(database, site::Booru::k_most_listed));
    if (ids.empty()) return {};
    DBR_CHECK(read_posts(collector, ids, remove));
  }
  return {};
}

Result<void> begin(Collector& collector, Timestamp target) {
  sql::Database& database = collector.database();
  return collector.commit([&]() -> Result<void> {
    DBR_CHECK(dataset::set_milestone(database, Milestone::refresh_target, target));
    // Rows of dumps may be newer than anything the site was asked for.
    DBR_TRY(const PostId unsettled, dataset::last_id_before(database, target - k_unsettled_posts));
    DBR_TRY(const PostId harvested, dataset::feed_position(database, k_posts_feed));
    return dataset::set_feed_position(database, feed_name(k_posts_feed), std::min(unsettled, harvested));
  });
}

Result<void> finish(Collector& collector, Timestamp target) {
  sql::Database& database = collector.database();
  return collector.commit([&]() -> Result<void> {
    DBR_CHECK(dataset::set_milestone(database, Milestone::refreshed_until, target));
    DBR_CHECK(dataset::clear_milestone(database, Milestone::refresh_target));
    DBR_CHECK(dataset::forget_feeds(database, k_prefix));
    return dataset::forget_feeds(database, k_done_prefix);
  });
}

}  // namespace

Result<void> refresh(Collector& collector, Timestamp cutoff) {
  sql::Database& database = collector.database();
  collector.follow_relatives(Timestamp::min());
  for (bool is_old = true; is_old;) {
    DBR_TRY(const auto until, dataset::milestone(database, Milestone::refreshed_until));
    DBR_TRY(const auto resumed, dataset::milestone(database, Milestone::refresh_target));
    const Timestamp target = resumed.value_or(now());
    if (!resumed) DBR_CHECK(begin(collector, target));
    const Timestamp since = until.value_or(Timestamp()) - k_margin;
    log::debug("refresh: what changed between {} and {}", format_timestamp(since), format_timestamp(target));
    DBR_CHECK(walk_posts(collector, {feed_name(k_posts_feed), cutoff}));
    DBR_CHECK(read_feeds(collector, since, target));
    DBR_CHECK(read_changed_rows(collector, since, target));
    DBR_CHECK(drain_todo(collector));
    DBR_CHECK(read_users(collector));
    if (collector.is_stopping()) return {};
    DBR_CHECK(finish(collector, target));
    is_old = resumed && now() - target > k_old;
  }
  return {};
}

}  // namespace dbr::stages
