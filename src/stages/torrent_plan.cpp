// SPDX-License-Identifier: MIT
// torrent plan: what an update costs those who have the data of older torrents, before it is published. Nothing in a
// .torrent is trusted.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/volumes.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "planned_updates.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"

namespace dbr::stages {
namespace {

struct Plan {
  std::vector<PlannedUpdate> updates;
  torrent::UpdateCost sum;
  std::optional<torrent::Holdings::Totals> removed;  // without old torrents nobody knows
};

/// The dataset whose release is planned; nullopt when .torrent files are.
struct Source {
  dataset::Dataset dataset;
  sql::Database database;
};

Result<std::optional<Source>> open_source(const Context& context) {
  if (!context.settings.positional.empty()) return std::nullopt;
  if (context.settings.data) {
    return fail(ErrorKind::usage, "torrent plan: --data compares with torrents that are made",
                "name them; dbr make-torrent --draft makes them to try");
  }
  auto dataset = dataset::Dataset::open(context.settings.root, dataset::Access::read, "torrent plan", {});
  if (!dataset && context.settings.against.size() > 1) {
    dataset.error().hint = "all torrents behind --against are old ones: name the new ones before it";
  }
  if (!dataset) return fail(std::move(dataset).error());
  DBR_TRY(auto database, dataset->connect());
  return Source{*std::move(dataset), std::move(database)};
}

Result<torrent::Holdings> hold(const Context& context, std::optional<Source>& source) {
  torrent::Holdings holdings;
  // What was loaded last comes first.
  const auto& files = context.settings.against;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "interrupted while reading torrents");
    DBR_TRY(const torrent::Metainfo old, torrent::read_torrent(*file));
    std::optional<std::int64_t> publication;
    if (source) {
      DBR_TRY(publication, dataset::publication_of(source->database, old.infohash));
    }
    holdings.add(old, publication.value_or(0));
  }
  return holdings;
}

Result<Plan> make_plan(const Context& context) {
  const Settings& settings = context.settings;
  DBR_TRY(auto source, open_source(context));
  DBR_TRY(torrent::Holdings holdings, hold(context, source));
  Plan plan;
  if (source) {
    DBR_TRY(plan.updates, plan_release(context, source->database, source->dataset.layout(), holdings));
  } else {
    pipeline::Meter& meter = context.progress.start("torrent plan");
    meter.set_total(static_cast<std::int64_t>(settings.positional.size()));
    for (const std::string& file : settings.positional) {
      if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "interrupted while reading torrents");
      DBR_TRY(auto update,
              settings.data ? plan_file_with_data(context, holdings, file, meter) : plan_file(holdings, file));
      plan.updates.push_back(std::move(update));
      meter.add_done();
    }
    meter.finish();
  }
  for (const PlannedUpdate& update : plan.updates) plan.sum += update.cost;
  if (!settings.against.empty()) plan.removed = holdings.removed();
  if (plan.removed && plan.removed->files == holdings.files() && holdings.files() > 0) {
    log::warning("not one path of the old torrents is in the new ones; is the torrents' name another one?");
  }
  return plan;
}

std::string text_of(const Plan& plan) {
  std::string text;
  for (const PlannedUpdate& update : plan.updates) {
    text += fmt::format("{}: {} of {}, {} of {} files, {} pieces\n", printable(update.torrent),
                        format_bytes(update.cost.bytes), format_bytes(update.cost.total_bytes),
                        format_count(update.cost.files), format_count(update.cost.total_files),
                        format_count(update.cost.pieces));
  }
  const torrent::UpdateCost& sum = plan.sum;
  const auto row = [&](std::string_view what, const std::string& value) {
    text += fmt::format("  {:<14}{}\n", what, value);
  };
  text += "\nall together\n";
  row("to fetch",
      fmt::format("{}{} ({} bytes), {} files, {} pieces", sum.assumed > 0 ? "at least " : "", format_bytes(sum.bytes),
                  format_count(sum.bytes), format_count(sum.files), format_count(sum.pieces)));
  row("unavoidable", fmt::format("{} of new and changed files", format_bytes(sum.unavoidable)));
  if (sum.unavoidable > 0) {
    row("overhead", fmt::format("{:.2f} bytes are fetched for each of these",
                                static_cast<double>(sum.bytes) / static_cast<double>(sum.unavoidable)));
  }
  if (plan.removed) {
    row("left over", fmt::format("{} files ({}) of the old torrents that these list no more",
                                 format_count(plan.removed->files), format_bytes(plan.removed->bytes)));
  }
  if (sum.assumed > 0) {
    row("assumed", fmt::format("{} files are taken as unchanged on path and size alone; --data DIR reads them",
                               format_count(sum.assumed)));
  }
  return text;
}

Json json_of(const Plan& plan) {
  Json torrents = Json::array();
  for (const PlannedUpdate& update : plan.updates) {
    Json torrent = {{"torrent", update.torrent}};
    if (!update.infohash.empty()) torrent["infohash"] = update.infohash;
    torrent["bytes"] = update.cost.bytes;
    torrent["pieces"] = update.cost.pieces;
    torrent["files"] = update.cost.files;
    torrent["total_bytes"] = update.cost.total_bytes;
    torrent["total_files"] = update.cost.total_files;
    torrents.push_back(std::move(torrent));
  }
  return {{"command", "torrent plan"},
          {"bytes", plan.sum.bytes},
          {"pieces", plan.sum.pieces},
          {"files", plan.sum.files},
          {"unavoidable_bytes", plan.sum.unavoidable},
          {"removed_files", plan.removed ? Json(plan.removed->files) : Json(nullptr)},
          {"assumed_unchanged", plan.sum.assumed},
          {"torrents", std::move(torrents)}};
}

}  // namespace

Result<Report> torrent_plan(const Context& context) {
  if (context.settings.against.empty() && !context.settings.data) {
    return fail(ErrorKind::usage, "torrent plan: it is not said what people have already",
                "name their torrents with --against, or the folder their data lies in with --data");
  }
  DBR_TRY(const Plan plan, make_plan(context));
  return Report{text_of(plan), dump(json_of(plan)), ExitCode::ok};
}

}  // namespace dbr::stages
