// SPDX-License-Identifier: MIT
// verify: is what lies on disk what the manifest says, all of it and nothing else? Finds; with --repair also puts
// right, puts aside and queues again. Without it nothing changes.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/image/ml_form.hpp"
#include "stages.hpp"
#include "support.hpp"
#include "verify_extras.hpp"
#include "verify_post.hpp"
#include "verify_posts.hpp"
#include "verify_releases.hpp"
#include "verify_repair.hpp"

namespace dbr::stages {
namespace {

using dataset::Finding;
using dataset::Findings;
using dataset::Role;

Result<bool> has_whole_tree(sql::Database& database) {
  DBR_TRY(const auto placed, dataset::placed_release(database));
  if (!placed || !placed->files_sha256.empty()) return true;
  log::warning("{}/ is not compared: dbr bucket has not finished {}", dataset::k_shared_name, placed->spec.name);
  return false;
}

// Extra files with the bytes of something that is missing or broken are that file under another name.
Result<void> name_renamed(const dataset::Layout& layout, Findings& findings) {
  DBR_CHECK(findings.for_each_candidate([&](const Finding& extra) {
    Finding known = extra;
    known.sha256 = file_digest(layout.root() / extra.path, DigestKind::sha256);
    return findings.update(known);
  }));
  return findings.pair_renamed();
}

std::string line_of(const Finding& finding, bool is_dry) {
  std::string line = fmt::format("{}: {}", finding.path, finding.problem);
  if (!finding.other.empty()) {
    line += fmt::format(" (renamed {} {})", finding.role == Role::extra ? "from" : "to", finding.other);
  }
  if (!finding.action.empty()) line += fmt::format("; {}{}", is_dry ? "would be " : "", finding.action);
  return line + '\n';
}

Json json_of(const Finding& finding) {
  Json json = {{"path", finding.path}, {"problem", finding.problem}};
  json["id"] = finding.id > 0 ? Json(finding.id) : Json(nullptr);
  if (!finding.other.empty()) json[finding.role == Role::extra ? "renamed_from" : "renamed_to"] = finding.other;
  if (!finding.action.empty()) json["action"] = finding.action;
  json["repaired"] = finding.is_repaired;
  return json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // a file's name may hold any bytes
}

// The problems go out one by one, ahead of the report: there may be millions. In JSON the report is the document's end.
Result<Report> report(const Context& context, Findings& findings, const Json& facts, std::int64_t posts,
                      ExitCode code) {
  const bool is_json = context.settings.json;
  if (is_json) DBR_CHECK(context.print(R"({"command":"verify","problems":[)"));
  std::string text;
  bool is_first = true;
  DBR_CHECK(findings.for_each([&](const Finding& finding) -> Result<void> {
    text += is_json ? (is_first ? "" : ",") + dump(json_of(finding)) : line_of(finding, context.settings.dry_run);
    is_first = false;
    if (text.size() < 64 << 10) return {};
    auto printed = context.print(text);
    text.clear();
    return printed;
  }));
  if (!text.empty()) DBR_CHECK(context.print(text));

  DBR_TRY(const std::int64_t repaired, findings.repaired());
  DBR_TRY(const auto counts, findings.counts());
  std::string sentence =
      fmt::format("{} posts checked, {} problems", format_count(posts), format_count(findings.count()));
  if (context.settings.repair && findings.count() > 0) sentence += fmt::format(", {} repaired", format_count(repaired));
  Json json = {{"posts", posts}, {"count", findings.count()}, {"counts", counts}, {"repaired", repaired}};
  json.update(facts);
  Report result = make_report("verify", sentence, json, code);
  if (is_json) result.json = "]," + dump(json).substr(1);
  return result;
}

dataset::Part part_of(const Settings& settings) {
  return {settings.subset_number - 1, settings.subset_count};
}

}  // namespace

Result<Report> verify(const Context& context) {
  const Settings& settings = context.settings;
  const dataset::Layout& layout = context.dataset.layout();
  const dataset::Part part = part_of(settings);
  CheckSettings check{parse_depth(settings.depth), faster_digest()};
  if (check.depth >= Depth::decode) image::start_library();
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Findings findings, Findings::create());
  DBR_TRY(Scope scope, make_scope(database, settings));
  DBR_TRY(const dataset::Totals held, dataset::held_totals(database, scope.last));
  DBR_TRY(check.has_tree, has_whole_tree(database));
  const bool is_whole = !scope.ids;

  pipeline::Meter& meter = context.progress.start("verify");
  meter.set_total(is_whole ? held.items / part.count : static_cast<std::int64_t>(scope.ids->size()));
  pipeline::RunLimits limits =
      make_limits(settings, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  limits.max_errors.reset();  // every problem is wanted
  ExtraFinder extras(layout, database, findings, part, check.depth, check.has_tree);
  VerifyPosts stage({layout, database, findings, extras, context.stop}, check, part, std::move(scope), held.items);
  DBR_TRY(const pipeline::RunSummary summary, pipeline::run_items(stage, limits, context.stop, meter));

  bool is_interrupted = summary.is_interrupted;
  // What is stopped here has found what it has found.
  const auto note_stop = [&](Result<void> result) -> Result<void> {
    if (result || result.error().kind != ErrorKind::cancelled) return result;
    is_interrupted = true;
    return {};
  };
  if (is_whole && !is_interrupted) {
    DBR_CHECK(extras.check_folders());
    DBR_CHECK(note_stop(check_releases(database, layout, part, check.depth, context.stop, findings)));
    if (check.depth == Depth::pieces && !is_interrupted) {
      DBR_CHECK(note_stop(check_pieces(database, layout, part, limits.threads, context.stop, findings)));
    }
  }
  DBR_CHECK(name_renamed(layout, findings));
  if (settings.repair) {
    const RepairSettings how{.check = check, .is_dry = settings.dry_run, .has_extras = is_whole && !is_interrupted};
    DBR_CHECK(note_stop(repair(layout, database, findings, how, context.stop)));
  }
  meter.finish();

  ExitCode code = findings.count() == 0 ? ExitCode::ok : ExitCode::mismatch;
  if (is_interrupted) code = most_important(code, ExitCode::interrupted);
  return report(context, findings, {{"depth", settings.depth}}, stage.posts(), code);
}

}  // namespace dbr::stages
