// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include <algorithm>
#include <array>

#include "moment.hpp"

namespace dbr::sim {

namespace {

/// One of the faults of a bad day, all equally likely.
FaultRule draw_mixed(const FaultRule& rule, std::uint64_t draw) {
  struct Part {
    FaultKind kind;
    Retry retry = Retry::none;
  };
  constexpr auto k_parts = std::to_array<Part>({{FaultKind::too_many, Retry::seconds},
                                                {FaultKind::too_many},
                                                {FaultKind::unavailable, Retry::date},
                                                {FaultKind::timed_out},
                                                {FaultKind::bad_gateway},
                                                {FaultKind::truncated},
                                                {FaultKind::reset},
                                                {FaultKind::html},
                                                {FaultKind::short_page}});
  const Part& part = k_parts[draw % k_parts.size()];
  FaultRule drawn = rule;
  drawn.kind = part.kind;
  drawn.retry = part.retry;
  return drawn;
}

/// Asks the client to wait, if the rule wants that.
void add_retry_after(Reply& reply, const FaultRule& rule) {
  if (rule.retry == Retry::none) return;
  const Moment present = now();
  Moment open = present + rule.retry_after * k_second;
  if (rule.retry == Retry::date) open = (open + k_second - 1) / k_second * k_second;
  reply.wait_us = open - present;
  reply.headers.emplace_back("Retry-After",
                             rule.retry == Retry::date ? in_http_date(open) : std::to_string(rule.retry_after));
}

Damage reset_at(const FaultRule& rule, std::uint64_t draw, std::int64_t place, std::int64_t size) {
  constexpr std::int64_t k_before = -1;
  switch (rule.stage) {
    case Stage::head:
      return {.kind = Damage::Kind::reset_in_head};
    case Stage::before:
      return {.kind = Damage::Kind::reset, .after_bytes = k_before};
    case Stage::after:
      return {.kind = Damage::Kind::reset, .after_bytes = size};
    case Stage::body:
      return {.kind = Damage::Kind::reset, .after_bytes = place};
    case Stage::any:
      break;
  }
  const bool is_early = rule.at < 0 && (draw >> 40U) % 2 == 0;
  return {.kind = Damage::Kind::reset, .after_bytes = is_early ? k_before : place};
}

void spoil_validators(Reply& reply, Validators validators) {
  if (validators == Validators::kept) return;
  std::erase_if(reply.headers, [&](const auto& header) {
    return header.first == "Last-Modified" || (header.first == "ETag" && validators == Validators::none);
  });
  for (auto& [name, value] : reply.headers) {
    if (name == "ETag") value.insert(0, "W/");
  }
}

}  // namespace

void Faults::replace(std::vector<FaultRule> rules) {
  const std::scoped_lock lock(m_mutex);
  m_rules = std::move(rules);
  m_hits.clear();
  m_down_until = {};
}

std::optional<Fault> Faults::draw(const Call& call, bool is_cdn) {
  const std::scoped_lock lock(m_mutex);
  const auto present = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < m_rules.size(); ++i) {
    FaultRule& rule = m_rules[i];
    if (!fits(rule.kind, call, is_cdn)) continue;
    if (is_cdn ? !rule.on_cdn : !rule.on_api) continue;
    if (rule.whole_site && present < m_down_until) return Fault{rule};
    if (!call.path.starts_with(rule.path)) continue;
    const bool counts = rule.is_once || rule.kind == FaultKind::changed;
    const auto hits = counts ? m_hits.find({i, call.path}) : m_hits.end();
    const int before = hits == m_hits.end() ? 0 : hits->second;
    // What began with a cut goes on with the request for the rest, and is then over.
    const bool goes_on = rule.kind == FaultKind::changed && before == 1 && !call.header("Range").empty();
    if (before > 0 && !goes_on) continue;
    if (!goes_on && (rule.count == 0 || !m_dice.chance(rule.rate))) continue;
    if (counts) m_hits[{i, call.path}] = before + 1;
    if (rule.count > 0 && !goes_on) --rule.count;
    if (rule.whole_site) m_down_until = present + std::chrono::seconds(rule.retry_after);
    const std::uint64_t draw = m_dice.next();
    return Fault{rule.kind == FaultKind::mixed ? draw_mixed(rule, m_dice.next()) : rule, draw, before};
  }
  return std::nullopt;
}

std::vector<std::int64_t> Faults::bad_rows(std::string_view path) const {
  const std::scoped_lock lock(m_mutex);
  std::vector<std::int64_t> ids;
  for (const FaultRule& rule : m_rules) {
    const bool is_here = path == (rule.path.empty() ? "/posts.json" : rule.path);
    if (rule.kind == FaultKind::bad_row && is_here) ids.push_back(rule.id);
  }
  return ids;
}

std::optional<Reply> reply_instead(const Fault& fault, bool is_cdn) {
  switch (fault.rule.kind) {
    case FaultKind::too_many: {
      Reply reply = html_reply(429, "429 Too Many Requests");
      add_retry_after(reply, fault.rule);
      return reply;
    }
    case FaultKind::unavailable: {
      Reply reply = html_reply(503, "Downbooru");
      add_retry_after(reply, fault.rule);
      reply.headers.emplace_back("Cache-Control", "no-store, must-revalidate");
      return reply;
    }
    case FaultKind::timed_out:
      if (is_cdn) return html_reply(500, "500 Internal Server Error");
      return error_reply(500, "ActiveRecord::QueryCanceled", "The database timed out running your query.");
    case FaultKind::bad_gateway:
      return html_reply(502, "502 Bad Gateway");
    case FaultKind::challenge:
      return challenge_reply();
    case FaultKind::not_found:
      return is_cdn ? text_reply(404, "404 Not Found\n") : not_found_reply();
    case FaultKind::html:
      return html_reply(200, "Something else entirely");
    case FaultKind::elsewhere: {
      Reply reply = redirect_reply(fault.rule.to);
      reply.status = 302;
      return reply;
    }
    default:
      return std::nullopt;
  }
}

void damage(Reply& reply, const Fault& fault) {
  spoil_validators(reply, fault.rule.validators);
  const auto size = static_cast<std::int64_t>(reply.body.size());
  const FaultRule& rule = fault.rule;
  const std::int64_t drawn = size == 0 ? 0 : static_cast<std::int64_t>(fault.draw % static_cast<std::uint64_t>(size));
  const std::int64_t place = rule.at < 0 ? drawn : std::min(rule.at, size);
  switch (rule.kind) {
    case FaultKind::reset:
      reply.damage = reset_at(rule, fault.draw, place, size);
      break;
    case FaultKind::truncated:
      reply.damage = {.kind = Damage::Kind::cut, .after_bytes = place, .claimed_length = size};
      break;
    case FaultKind::corrupt:
      if (place < size) {
        char& byte = reply.body[static_cast<std::size_t>(place)];
        byte = static_cast<char>(byte ^ 0x10);
      }
      break;
    case FaultKind::slow:
      reply.damage = {.kind = Damage::Kind::slow, .wait_ms = rule.ms, .chunk_bytes = rule.chunk};
      break;
    case FaultKind::stall:
      reply.damage = {.kind = Damage::Kind::stall, .after_bytes = place, .wait_ms = rule.ms};
      break;
    case FaultKind::wrong_length: {
      // Too long: the client waits for bytes that never come. Too short: it takes a part for the whole.
      const bool is_drawn = rule.length == Lie::any && fault.draw % 2 == 0;
      const bool is_longer = rule.length == Lie::longer || is_drawn || size < 2;
      reply.damage = {
          .kind = Damage::Kind::cut, .after_bytes = size, .claimed_length = is_longer ? size + 10 : size / 2};
      break;
    }
    default:
      break;
  }
}

}  // namespace dbr::sim
