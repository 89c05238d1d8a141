// SPDX-License-Identifier: MIT
#include "site.hpp"

#include "api.hpp"
#include "cdn.hpp"
#include "changes.hpp"
#include "control.hpp"
#include "part_faults.hpp"

namespace dbr::sim {

namespace {

std::vector<FaultRule> parse_faults(const std::vector<std::string>& texts) {
  std::vector<FaultRule> rules;
  for (const auto& text : texts) rules.push_back(parse_fault(std::string_view(text)));
  return rules;
}

/// Stock agents, and those who pretend to be a browser.
bool is_unwelcome(std::string_view agent) {
  return agent.empty() || agent.starts_with("Mozilla/") || agent.starts_with("python-requests") ||
         agent.starts_with("Java/");
}

constexpr std::string_view k_robots = "User-agent: *\nDisallow: /*.json\nDisallow: /*.xml\nAllow: /$\n";

}  // namespace

bool RequestBudget::take() {
  if (m_rate <= 0) return true;
  const std::scoped_lock lock(m_mutex);
  const auto present = std::chrono::steady_clock::now();
  m_left = std::min(m_rate * 5, m_left + m_rate * std::chrono::duration<double>(present - m_last).count());
  m_last = present;
  if (m_left < 1) return false;
  m_left -= 1;
  return true;
}

Site::Site(const Options& options)
    : m_options(options),
      m_faults(options.seed, parse_faults(options.faults)),
      m_log(options.log),
      m_world(make_world(options)),
      m_budget(options.tps_limit) {}

Reply Site::answer(const Call& call) {
  if (call.path.starts_with("/sim/")) return answer_control({*m_world, m_faults, m_log}, call);
  const auto arrived = RequestLog::TimePoint::clock::now();
  std::string_view fault_name;
  Reply reply = answer_visitor(call, fault_name);
  reply.headers.emplace_back("Via", "1.1 booru-sim");
  m_log.add(call, arrived, reply, fault_name);
  return reply;
}

Reply Site::answer_visitor(const Call& call, std::string_view& fault_name) {
  if (m_options.strict_agents && is_unwelcome(call.header("User-Agent"))) return challenge_reply();
  const bool is_cdn = is_cdn_path(call.path);
  if (call.method != "GET" && call.method != "HEAD") return text_reply(call.method == "OPTIONS" ? 204 : 405, "");
  if (!is_cdn && !m_budget.take()) return html_reply(429, "429 Too Many Requests");
  const auto fault = m_faults.draw(call, is_cdn);
  if (fault) fault_name = name(fault->rule.kind);
  return answer_page(call, is_cdn, fault);
}

Reply Site::answer_page(const Call& call, bool is_cdn, const std::optional<Fault>& fault) {
  if (fault) {
    if (auto reply = reply_instead(*fault, is_cdn)) return std::move(*reply);
    if (fault->rule.kind == FaultKind::arriving) apply_changes(*m_world, Json({{"new_posts", 1}}));
  }
  if (call.path == "/robots.txt") return text_reply(200, k_robots);
  PageTwist twist{.bad_rows = m_faults.bad_rows(call.path)};
  if (fault && fault->rule.kind == FaultKind::short_page) {
    twist.drop = fault->rule.drop;
    twist.draw = fault->draw;
  }
  if (fault && is_cdn) {
    if (auto reply = answer_part_badly(*m_world, call, *fault)) return std::move(*reply);
  }
  Reply reply = is_cdn ? answer_cdn(*m_world, call) : answer_api(*m_world, call, twist);
  if (fault) damage(reply, *fault);
  return reply;
}

}  // namespace dbr::sim
