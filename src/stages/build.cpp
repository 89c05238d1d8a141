// SPDX-License-Identifier: MIT
// build: the whole job. Downscaling runs beside fetching, so the slower of the two decides the time; the release is
// made only after both have drained. Without a year it keeps everything up to now fetched and downscaled: what cron
// runs.
#include <atomic>
#include <exception>
#include <optional>
#include <thread>

#include "file_placer.hpp"
#include "release_rule.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

// Reports one after the other; the code is the most important one.
struct Collected {
  std::string text;
  Json stages = Json::array();
  ExitCode code = ExitCode::ok;

  void add(const Report& report) {
    text += report.text;
    stages.push_back(Json::parse(report.json));
    code = most_important(code, report.code);
  }
  // Items left to retry do not keep the draft from being made; anything else does.
  bool may_go_on() const { return code == ExitCode::ok || code == ExitCode::items_left; }
  Report finish() const { return {text, Json{{"command", "build"}, {"stages", stages}}.dump(), code}; }
};

struct Both {
  std::optional<Result<Report>> images;
  std::optional<Result<Report>> ml_forms;
};

// An exception of the second thread is thrown again here.
Both fetch_and_downscale(const Context& context) {
  Both both;
  std::atomic<bool> is_fetching{true};
  std::exception_ptr broken;
  // When one of the two ends with an error, the other finishes what is in flight.
  StopSource stop(context.stop);
  const Context beside{context.settings, context.dataset, stop.token(), context.progress};
  std::thread downscaler([&] {
    try {
      both.ml_forms = downscale_while(beside, [&] { return is_fetching.load(); });
      if (!*both.ml_forms) stop.request_stop(StopLevel::drain);
    } catch (...) {
      broken = std::current_exception();
      stop.request_stop(StopLevel::abort);
    }
  });
  try {
    both.images = fetch_images(beside);
  } catch (...) {
    stop.request_stop(StopLevel::abort);
    is_fetching = false;
    downscaler.join();
    throw;
  }
  is_fetching = false;
  downscaler.join();
  if (broken) std::rethrow_exception(broken);
  return both;
}

}  // namespace

Result<Report> build(const Context& context) {
  DBR_TRY(auto spec, release_spec(context.settings));
  // What the release will need must not fail after days of fetching.
  if (spec) {
    DBR_CHECK(add_rule(context.settings, *spec));
    const dataset::Layout& layout = context.dataset.layout();
    const LinkMode mode = parse_link_mode(context.settings.link);
    DBR_TRY(auto database, context.dataset.connect());
    DBR_TRY(const auto known, dataset::find_release(database, spec->name));
    const bool is_kept = known && known->state == dataset::ReleaseState::finished && !context.settings.reissue;
    if (!context.settings.dry_run && !is_kept) DBR_CHECK(check_link_mode(mode, layout.parts(), layout.shared()));
  }
  Collected collected;
  DBR_TRY(const Report harvested, fetch_metadata(context));
  collected.add(harvested);
  if (!collected.may_go_on()) return collected.finish();

  const Both both = fetch_and_downscale(context);
  // The error that stopped the other one comes first: a drain it caused is no interruption by the user.
  if (!*both.ml_forms && (*both.images || both.images->error().kind == ErrorKind::cancelled)) {
    return fail(both.ml_forms->error());
  }
  if (!*both.images) return fail(both.images->error());
  collected.add(**both.images);
  collected.add(**both.ml_forms);
  // What the release will hold is not known before the stages above have really run.
  if (!spec || context.settings.dry_run || !collected.may_go_on()) return collected.finish();

  for (const auto stage : {bucket, export_db, make_torrent}) {
    DBR_TRY(const Report report, stage(context));
    collected.add(report);
  }
  return collected.finish();
}

}  // namespace dbr::stages
