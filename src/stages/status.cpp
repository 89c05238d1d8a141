// SPDX-License-Identifier: MIT
// status: what is done, what is left, what failed and why. Reads only; works beside a running dbr.
#include <fmt/format.h>

#include "dbr/base/units.hpp"
#include "dbr/dataset/status.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

Json to_json(const dataset::StageCounts& counts) {
  Json states = Json::object();
  for (const auto& [state, count] : counts.states) states[state] = count;
  Json reasons = Json::object();
  for (const auto& [state, by_reason] : counts.reasons) {
    for (const auto& [reason, count] : by_reason) reasons[state][reason] = count;
  }
  return {{"states", states}, {"reasons", reasons}};
}

std::string to_text(std::string_view stage, const dataset::StageCounts& counts) {
  std::string text = fmt::format("{}\n", stage);
  for (const auto& [state, count] : counts.states) {
    text += fmt::format("  {:<20}{:>14}\n", state, format_count(count));
    const auto reasons = counts.reasons.find(state);
    if (reasons == counts.reasons.end()) continue;
    for (const auto& [reason, number] : reasons->second) {
      text += fmt::format("    {:<18}{:>14}\n", reason, format_count(number));
    }
  }
  return text;
}

}  // namespace

Result<Report> status(const Context& context) {
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(const dataset::Status status, dataset::read_status(database));
  DBR_TRY(const auto placed, dataset::placed_release(database));
  const Json json = {
      {"command", "status"},
      {"ids", status.ids},
      {"stages",
       {{"fetch-metadata", to_json(status.metadata)},
        {"fetch-images", to_json(status.originals)},
        {"downscale", to_json(status.ml_forms)},
        {"bucket", to_json(status.placement)}}},
      {"optimized", {{"files", status.optimized}, {"saved_bytes", status.saved}}},
      {"release", !placed ? Json(nullptr)
                          : Json{{"name", placed->spec.name},
                                 {"created_before", format_timestamp(placed->spec.cutoff)},
                                 {"state", placed->state == dataset::ReleaseState::finished ? "finished" : "draft"},
                                 {"publication", placed->publication}}}};
  std::string text = fmt::format("{} IDs\n\n", format_count(status.ids));
  text += to_text("fetch-metadata: posts", status.metadata);
  text += to_text("fetch-images: originals", status.originals);
  if (status.optimized > 0) {
    text += fmt::format("  optimized           {:>14}   {} saved\n", format_count(status.optimized),
                        format_bytes(status.saved));
  }
  text += to_text("downscale: ML forms", status.ml_forms);
  text += to_text("bucket: placed in the shared tree", status.placement);
  if (placed) {
    text +=
        fmt::format("\n{} (posts created before {}) is {}\n", placed->spec.name, format_timestamp(placed->spec.cutoff),
                    placed->state == dataset::ReleaseState::finished ? "finished" : "a draft");
  }
  return Report{std::move(text), json.dump(), ExitCode::ok};
}

}  // namespace dbr::stages
