// SPDX-License-Identifier: MIT
#include "fault_rule.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace dbr::sim {

namespace {

constexpr auto k_names =
    std::to_array<std::pair<FaultKind, std::string_view>>({{FaultKind::too_many, "429"},
                                                           {FaultKind::unavailable, "503"},
                                                           {FaultKind::timed_out, "500"},
                                                           {FaultKind::bad_gateway, "502"},
                                                           {FaultKind::challenge, "challenge"},
                                                           {FaultKind::not_found, "404"},
                                                           {FaultKind::html, "html200"},
                                                           {FaultKind::reset, "reset"},
                                                           {FaultKind::truncated, "truncated"},
                                                           {FaultKind::corrupt, "corrupt"},
                                                           {FaultKind::slow, "slow"},
                                                           {FaultKind::stall, "stall"},
                                                           {FaultKind::wrong_length, "wrong_length"},
                                                           {FaultKind::short_page, "short_page"},
                                                           {FaultKind::arriving, "arriving"},
                                                           {FaultKind::bad_row, "bad_row"},
                                                           {FaultKind::moved, "308"},
                                                           {FaultKind::elsewhere, "elsewhere"},
                                                           {FaultKind::changed, "changed"},
                                                           {FaultKind::range_ignored, "no_range"},
                                                           {FaultKind::range_refused, "416"},
                                                           {FaultKind::range_wrong, "wrong_range"},
                                                           {FaultKind::range_unasked, "206"},
                                                           {FaultKind::mixed, "mixed"}});

[[noreturn]] void reject(std::string_view part) {
  throw std::invalid_argument("not a fault: " + std::string(part) + " (see tools/booru-sim/fault_rule.hpp)");
}

std::int64_t number(std::string_view text) {
  const auto value = parse_number(text);
  if (!value) reject(text);
  return *value;
}

/// The value of that name.
template <class Value, std::size_t size>
Value one_of(const std::array<std::pair<std::string_view, Value>, size>& names, std::string_view text) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == text; });
  if (found == names.end()) reject(text);
  return found->second;
}

constexpr std::array<std::pair<std::string_view, Retry>, 3> k_retries{
    {{"none", Retry::none}, {"seconds", Retry::seconds}, {"date", Retry::date}}};
constexpr std::array<std::pair<std::string_view, Drop>, 2> k_drops{{{"end", Drop::end}, {"any", Drop::any}}};
constexpr std::array<std::pair<std::string_view, Stage>, 5> k_stages{{{"any", Stage::any},
                                                                      {"before", Stage::before},
                                                                      {"head", Stage::head},
                                                                      {"body", Stage::body},
                                                                      {"after", Stage::after}}};
constexpr std::array<std::pair<std::string_view, Lie>, 3> k_lies{
    {{"any", Lie::any}, {"longer", Lie::longer}, {"shorter", Lie::shorter}}};
constexpr std::array<std::pair<std::string_view, Validators>, 3> k_validators{
    {{"kept", Validators::kept}, {"weak", Validators::weak}, {"none", Validators::none}}};

FaultRule rule_of(std::string_view kind) {
  const auto found =
      std::find_if(k_names.begin(), k_names.end(), [&](const auto& entry) { return entry.second == kind; });
  if (found == k_names.end()) reject(kind);
  FaultRule rule{.kind = found->first};
  if (rule.kind == FaultKind::stall) rule.ms = 60'000;
  if (rule.kind == FaultKind::unavailable) rule.retry = Retry::seconds;
  return rule;
}

void set(FaultRule& rule, std::string_view key, const std::string& value) {
  if (key == "rate") {
    rule.rate = std::stod(value);
  } else if (key == "scope") {
    rule.on_api = value != "cdn";
    rule.on_cdn = value != "api";
  } else if (key == "path") {
    rule.path = value;
  } else if (key == "site") {
    rule.whole_site = number(value) != 0;
  } else if (key == "count") {
    rule.count = number(value);
  } else if (key == "retry_after") {
    rule.retry_after = number(value);
  } else if (key == "retry") {
    rule.retry = one_of(k_retries, value);
  } else if (key == "ms") {
    rule.ms = number(value);
  } else if (key == "chunk") {
    rule.chunk = std::max<std::int64_t>(1, number(value));
  } else if (key == "at") {
    rule.at = number(value);
  } else if (key == "id") {
    rule.id = number(value);
  } else if (key == "drop") {
    rule.drop = one_of(k_drops, value);
  } else if (key == "stage") {
    rule.stage = one_of(k_stages, value);
  } else if (key == "length") {
    rule.length = one_of(k_lies, value);
  } else if (key == "validators") {
    rule.validators = one_of(k_validators, value);
  } else if (key == "if_range") {
    rule.honours_if_range = number(value) != 0;
  } else if (key == "once") {
    rule.is_once = number(value) != 0;
  } else if (key == "to") {
    rule.to = value;
  } else {
    reject(key);
  }
}

}  // namespace

std::string_view name(FaultKind kind) {
  return std::find_if(k_names.begin(), k_names.end(), [&](const auto& entry) { return entry.first == kind; })->second;
}

bool fits(FaultKind kind, const Call& call, bool is_cdn) {
  const bool asks_for_part = !call.header("Range").empty();
  switch (kind) {
    case FaultKind::bad_row:
      return false;         // not drawn: see Faults::bad_rows
    case FaultKind::moved:  // what has moved stays there
      return is_cdn && call.path.find("/__moved__") == std::string::npos;
    case FaultKind::elsewhere:
    case FaultKind::changed:
      return is_cdn;
    case FaultKind::range_ignored:
    case FaultKind::range_refused:
    case FaultKind::range_wrong:
      return is_cdn && asks_for_part;
    case FaultKind::range_unasked:
      return is_cdn && !asks_for_part;
    default:
      return true;
  }
}

FaultRule parse_fault(std::string_view text) {
  const auto parts = split(text, ':');
  FaultRule rule = rule_of(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals != std::string::npos) {
      set(rule, std::string_view(parts[i]).substr(0, equals), parts[i].substr(equals + 1));
    } else if (i == 1) {
      set(rule, rule.kind == FaultKind::bad_row ? "id" : "rate", parts[i]);
    } else {
      reject(parts[i]);
    }
  }
  return rule;
}

FaultRule parse_fault(const Json& json) {
  if (json.is_string()) return parse_fault(std::string_view(json.get_ref<const std::string&>()));
  FaultRule rule = rule_of(json.at("kind").get<std::string>());
  for (const auto& [key, value] : json.items()) {
    if (key == "kind") continue;
    const bool is_flag = value.is_boolean();
    set(rule, key,
        value.is_string() ? value.get<std::string>()
        : is_flag         ? (value.get<bool>() ? "1" : "0")
                          : value.dump());
  }
  return rule;
}

}  // namespace dbr::sim
