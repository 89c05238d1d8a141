// SPDX-License-Identifier: MIT
#include "control.hpp"

#include <exception>

#include "changes.hpp"
#include "truth.hpp"

namespace dbr::sim {

namespace {

Reply set_faults(const Controlled& site, const std::string& body) {
  std::vector<FaultRule> rules;
  for (const auto& element : Json::parse(body)) rules.push_back(parse_fault(element));
  site.faults.replace(std::move(rules));
  return json_reply("{}");
}

Reply served(const Controlled& site, const Call& call) {
  const auto number = [&](std::string_view name) {
    return parse_number(parameter(call.parameters, name).value_or("")).value_or(0);
  };
  const Viewer viewer{.host = std::string(call.host()), .era = site.world.options.era};
  const std::int64_t limit = number("limit");
  return json_reply(served_text(site.world, parameter(call.parameters, "table").value_or("posts"), number("after"),
                                limit == 0 ? 1'000'000'000 : limit, viewer));
}

Reply clear_log(const Controlled& site) {
  site.log.clear();
  return json_reply("{}");
}

}  // namespace

Reply answer_control(const Controlled& site, const Call& call) try {
  const std::string action = call.method + " " + call.path;
  if (action == "POST /sim/faults") return set_faults(site, call.body);
  if (action == "POST /sim/changes") return json_reply(apply_changes(site.world, Json::parse(call.body)).dump());
  if (action == "GET /sim/log") return json_reply(site.log.text());
  if (action == "DELETE /sim/log") return clear_log(site);
  if (action == "GET /sim/truth")
    return json_reply(truth_text(site.world, parameter(call.parameters, "table").value_or("posts")));
  if (action == "GET /sim/served") return served(site, call);
  if (action == "GET /sim/kinds") return json_reply(kinds_text(site.world));
  return not_found_reply();
} catch (const std::exception& error) {
  return error_reply(400, "SimError", error.what());
}

}  // namespace dbr::sim
