// SPDX-License-Identifier: MIT
// fetch-metadata: the harvest once, and from then on what changed. A sweep is the harvest again.
#include <fmt/format.h>

#include "dbr/dataset/tag_index.hpp"
#include "harvest.hpp"
#include "import_dumps.hpp"
#include "refresh.hpp"

namespace dbr::stages {
namespace {

using dataset::Milestone;

Result<Report> plan(const Settings& settings, sql::Database& database) {
  DBR_TRY(const std::int64_t position, dataset::feed_position(database, k_posts_feed));
  DBR_TRY(const bool is_harvest, is_harvest_due(database));
  DBR_TRY(const auto swept, dataset::milestone(database, Milestone::sweep_begun));
  DBR_TRY(const auto until, dataset::milestone(database, Milestone::refreshed_until));
  DBR_TRY(const auto target, dataset::milestone(database, Milestone::refresh_target));
  DBR_TRY(const std::int64_t todo, dataset::count_todo(database));
  const bool begins_sweep = settings.sweep && !swept;
  Json facts = {{"position", begins_sweep ? 0 : position}, {"todo", todo}};
  std::string text;
  if (settings.ids) {
    DBR_TRY(const auto ids, read_ids(*settings.ids));
    facts["ids"] = ids.size();
    text = fmt::format("would read {} posts again", ids.size());
  } else if (begins_sweep) {
    text = "would read everything again, then what changed meanwhile";
  } else if (is_harvest) {
    text = fmt::format("would go on {}after post {}, then read what changed meanwhile", swept ? "with the sweep " : "",
                       position);
  } else if (target) {
    text = fmt::format("would go on with the refresh begun at {}, {} posts to read again are known",
                       format_timestamp(*target), todo);
  } else {
    text = fmt::format("would read what is new, and what changed since {}", format_timestamp(*until));
  }
  return make_report("fetch-metadata", std::move(text), facts);
}

}  // namespace

Result<Report> fetch_metadata(const Context& context) {
  const Settings& settings = context.settings;
  if (!settings.from.empty()) return import_dumps(context);
  if (!settings.positional.empty()) {
    return fail(ErrorKind::usage, fmt::format("what is {} to fetch-metadata?", settings.positional.front()),
                "dumps are named after --from");
  }
  DBR_TRY(const auto spec, release_spec(settings));
  DBR_TRY(auto booru, open_booru(settings, 1));
  DBR_TRY(auto database, context.dataset.connect());
  if (settings.dry_run) return plan(settings, database);
  DBR_TRY(auto collector, Collector::create(context, booru, database));
  if (settings.ids) {
    DBR_TRY(const auto ids, read_ids(*settings.ids));
    DBR_CHECK(read_posts(collector, ids));
    return collector.report();
  }
  const Timestamp cutoff = spec ? spec->cutoff : Timestamp::max();
  if (settings.sweep) DBR_CHECK(begin_sweep(collector));
  DBR_CHECK(read_skipped(collector));
  DBR_TRY(const bool is_harvest, is_harvest_due(database));
  if (is_harvest) DBR_CHECK(harvest(collector, cutoff));
  if (!collector.is_stopping()) DBR_CHECK(refresh(collector, cutoff));
  DBR_CHECK(dataset::update_tag_index(database, [&] { return !collector.is_stopping(); }));
  return collector.report();
}

}  // namespace dbr::stages
