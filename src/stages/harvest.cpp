// SPDX-License-Identifier: MIT
#include "harvest.hpp"

namespace dbr::stages {
namespace {

using dataset::Milestone;
using metadata::Table;

constexpr std::size_t k_batch = site::Booru::k_most_listed;

Result<void> read_users(Collector& collector, const std::vector<std::int64_t>& ids) {
  DBR_TRY(const auto found, collector.row_lookup("users")(ids));
  return collector.commit([&]() -> Result<void> {
    DBR_CHECK(collector.put_found(Table::users, found));
    for (const std::int64_t id : ids) DBR_CHECK(dataset::remove_wanted_user(collector.database(), id));
    return {};
  });
}

// Set before the first request: what changes from here on is the refresh's.
Result<void> begin_harvest(Collector& collector) {
  sql::Database& database = collector.database();
  DBR_TRY(const auto known, dataset::milestone(database, Milestone::refreshed_until));
  if (known) return {};
  const Timestamp begun = now();
  return collector.commit([&]() -> Result<void> {
    DBR_CHECK(dataset::set_milestone(database, Milestone::refreshed_until, begun));
    return dataset::set_milestone(database, Milestone::harvest_begun, begun);
  });
}

Result<void> finish_harvest(Collector& collector, std::optional<Timestamp> swept) {
  sql::Database& database = collector.database();
  return collector.commit([&]() -> Result<void> {
    if (swept) DBR_CHECK(dataset::set_milestone(database, Milestone::refreshed_until, *swept));
    DBR_CHECK(dataset::clear_milestone(database, Milestone::sweep_begun));
    DBR_CHECK(dataset::clear_milestone(database, Milestone::harvest_begun));
    return dataset::forget_feeds(database, k_done_prefix);
  });
}

}  // namespace

Result<void> read_posts(Collector& collector, const std::vector<PostId>& ids,
                        const std::function<Result<void>(const std::vector<PostId>&)>& after) {
  if (ids.empty()) return {};
  pipeline::Meter& meter = collector.start_meter("listed posts");
  meter.set_total(static_cast<std::int64_t>(ids.size()));
  for (std::size_t at = 0; at < ids.size() && !collector.is_stopping(); at += k_batch) {
    const std::size_t end = std::min(at + k_batch, ids.size());
    const std::vector<PostId> batch(ids.begin() + static_cast<std::ptrdiff_t>(at),
                                    ids.begin() + static_cast<std::ptrdiff_t>(end));
    DBR_TRY(const auto found, collector.post_lookup(Proof::alone)(batch));
    const auto write = [&]() -> Result<void> {
      DBR_CHECK(collector.put_found({}, found));
      return after ? after(batch) : Result<void>();
    };
    DBR_CHECK(collector.commit(write));
    meter.add_done(static_cast<std::int64_t>(batch.size()));
  }
  meter.finish();
  return {};
}

Result<void> read_skipped(Collector& collector) {
  sql::Database& database = collector.database();
  DBR_TRY(const auto posts, dataset::unread_posts(database));
  DBR_CHECK(read_posts(collector, posts));
  for (const Table table : metadata::k_tables) {
    DBR_TRY(const auto ids, dataset::skipped_rows(database, table));
    if (ids.empty() || collector.is_stopping()) continue;
    DBR_TRY(const auto found, collector.row_lookup(std::string(to_string(table)))(ids));
    DBR_CHECK(collector.commit([&] { return collector.put_found(table, found); }));
  }
  return {};
}

Result<void> read_users(Collector& collector) {
  pipeline::Meter& meter = collector.start_meter("users");
  while (!collector.is_stopping()) {
    DBR_TRY(const auto ids, dataset::wanted_users(collector.database(), site::Booru::k_most_rows_listed));
    if (ids.empty()) break;
    DBR_CHECK(read_users(collector, ids));
    meter.add_done(static_cast<std::int64_t>(ids.size()));
  }
  meter.finish();
  return {};
}

Result<bool> is_harvest_due(sql::Database& database) {
  DBR_TRY(const auto known, dataset::milestone(database, Milestone::refreshed_until));
  DBR_TRY(const auto harvest, dataset::milestone(database, Milestone::harvest_begun));
  DBR_TRY(const auto sweep, dataset::milestone(database, Milestone::sweep_begun));
  return !known || harvest || sweep;
}

Result<void> begin_sweep(Collector& collector) {
  sql::Database& database = collector.database();
  DBR_TRY(const auto begun, dataset::milestone(database, Milestone::sweep_begun));
  if (begun) return {};
  return collector.commit([&]() -> Result<void> {
    // A refresh under way would find nothing that the sweep does not find.
    DBR_CHECK(dataset::clear_milestone(database, Milestone::refresh_target));
    DBR_CHECK(dataset::forget_feeds(database, ""));
    DBR_CHECK(dataset::want_known_users(database));
    return dataset::set_milestone(database, Milestone::sweep_begun, now());
  });
}

Result<void> harvest(Collector& collector, Timestamp cutoff) {
  DBR_CHECK(begin_harvest(collector));
  DBR_TRY(const auto sweep, dataset::milestone(collector.database(), Milestone::sweep_begun));
  DBR_TRY(const auto begun, dataset::milestone(collector.database(), Milestone::harvest_begun));
  const Timestamp since = sweep ? *sweep : begun.value_or(Timestamp::max());
  collector.follow_relatives(since);
  DBR_CHECK(walk_posts(collector, {std::string(k_posts_feed), cutoff, sweep.has_value()}));
  for (const Table table : metadata::k_tables) {
    if (table == Table::users || collector.is_stopping()) continue;
    const std::string name(to_string(table));
    const TableWalk walk{
        .selection = {.table = name}, .feed = name, .table = table, .is_sweep = sweep.has_value(), .until = since};
    DBR_CHECK(walk_table(collector, walk));
  }
  DBR_CHECK(read_users(collector));
  if (collector.is_stopping()) return {};
  return finish_harvest(collector, sweep);
}

}  // namespace dbr::stages
