// SPDX-License-Identifier: MIT
// torrent plan: what an update costs those who have the data of older torrents, before it is published. Nothing in a
// .torrent is trusted.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/torrent/recheck.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "dbr/torrent/update_plan.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"

namespace dbr::stages {
namespace {

// Many small files: what counts is how many reads a disk has before it.
constexpr int k_readers = 16;
constexpr std::size_t k_sha1_size = 20;

/// A torrent people may load.
struct Update {
  std::string torrent;   ///< its file, or what that will be called
  std::string infohash;  ///< empty when it is not made yet
  torrent::UpdateCost cost;
};

struct Plan {
  std::vector<Update> updates;
  torrent::UpdateCost sum;
  torrent::Holdings::Totals removed;
  bool has_removed = false;  ///< there are old torrents to say so
};

Result<std::set<std::string>> hold(const Context& context, torrent::Holdings& holdings) {
  std::set<std::string> names;
  // What was loaded last comes first.
  const auto& files = context.settings.against;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "interrupted while reading torrents");
    DBR_TRY(const torrent::Metainfo old, torrent::read_torrent(*file));
    holdings.add(old);
    names.insert(old.name);
  }
  return names;
}

Result<torrent::UpdateCost> cost_by_torrents(torrent::Holdings& holdings, const torrent::Metainfo& info) {
  torrent::UpdateCounter counter(info.piece_length, [&](std::size_t piece, torrent::Composition composition) {
    return holdings.find_piece(composition, std::string_view(info.pieces).substr(piece * k_sha1_size, k_sha1_size));
  });
  for (const torrent::File& file : info.files) {
    const std::string path = torrent::path_on_disk(info, file);
    counter.add(path, file.size, holdings.look_up(path, file.size));
  }
  return counter.finish();
}

Result<torrent::UpdateCost> cost_by_data(const Context& context, torrent::Holdings& holdings,
                                         const torrent::Metainfo& info, pipeline::Meter& meter) {
  const auto folder = info.is_single_file ? *context.settings.data : *context.settings.data / info.name;
  const auto readers = static_cast<std::size_t>(context.settings.jobs.value_or(k_readers));
  DBR_TRY(const torrent::Recheck found,
          torrent::recheck(info, folder, readers, context.stop, [&](ByteCount bytes) { meter.add_bytes(bytes); }));
  torrent::UpdateCounter counter(info.piece_length,
                                 [&](std::size_t piece, torrent::Composition) { return found.is_there[piece]; });
  for (std::size_t i = 0; i < info.files.size(); ++i) {
    const std::string path = torrent::path_on_disk(info, info.files[i]);
    (void)holdings.look_up(path, info.files[i].size);  // that it is still there
    counter.add(path, info.files[i].size, found.is_changed[i] ? torrent::Standing::changed : torrent::Standing::known);
  }
  return counter.finish();
}

Result<Plan> plan_torrents(const Context& context) {
  const Settings& settings = context.settings;
  torrent::Holdings holdings;
  DBR_TRY(const auto names, hold(context, holdings));
  Plan plan{.has_removed = !settings.against.empty()};
  pipeline::Meter& meter = context.progress.start("torrent plan");
  meter.set_total(static_cast<std::int64_t>(settings.positional.size()));
  for (const std::string& file : settings.positional) {
    DBR_TRY(const torrent::Metainfo info, torrent::read_torrent(file));
    if (!names.empty() && !names.contains(info.name)) {
      log::warning("{} is called '{}', unlike the old torrents ('{}'): clients will find nothing of the old data",
                   printable(file), printable(info.name), printable(*names.begin()));
    }
    auto cost = settings.data ? cost_by_data(context, holdings, info, meter) : cost_by_torrents(holdings, info);
    if (!cost) return fail(std::move(cost).error());
    plan.updates.push_back({file, info.infohash, *cost});
    plan.sum += *cost;
    meter.add_done();
  }
  plan.removed = holdings.removed();
  meter.finish();
  return plan;
}

std::string text_of(const Plan& plan) {
  std::string text;
  for (const Update& update : plan.updates) {
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
  row("to fetch", fmt::format("{} ({} bytes), {} files, {} pieces", format_bytes(sum.bytes), format_count(sum.bytes),
                              format_count(sum.files), format_count(sum.pieces)));
  row("unavoidable", fmt::format("{} of new and changed files{}", format_bytes(sum.unavoidable),
                                 sum.unavoidable == 0 ? ""
                                                      : fmt::format("; {:.2f} times that is fetched",
                                                                    static_cast<double>(sum.bytes) /
                                                                        static_cast<double>(sum.unavoidable))));
  if (plan.has_removed) {
    row("left over", fmt::format("{} files ({}) that none of these lists any more", format_count(plan.removed.files),
                                 format_bytes(plan.removed.bytes)));
  }
  if (sum.assumed > 0) {
    row("assumed", fmt::format("{} files are taken as unchanged, since path and size are; --data DIR reads them",
                               format_count(sum.assumed)));
  }
  return text;
}

Json json_of(const Plan& plan) {
  Json torrents = Json::array();
  for (const Update& update : plan.updates) {
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
          {"removed_files", plan.has_removed ? Json(plan.removed.files) : Json(nullptr)},
          {"assumed_unchanged", plan.sum.assumed},
          {"torrents", std::move(torrents)}};
}

}  // namespace

Result<Report> torrent_plan(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.against.empty() && !settings.data) {
    return fail(ErrorKind::usage, "torrent plan: it is not said what people have already",
                "name their torrents with --against, or the folder their data lies in with --data");
  }
  if (settings.positional.empty()) return fail(ErrorKind::usage, "torrent plan: name the torrents people will load");
  DBR_TRY(const Plan plan, plan_torrents(context));
  return Report{text_of(plan), dump(json_of(plan)), ExitCode::ok};
}

}  // namespace dbr::stages
