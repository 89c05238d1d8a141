// SPDX-License-Identifier: MIT
// Draws faults, one die for each request: a retry draws anew. Safe from any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "dice.hpp"
#include "fault_rule.hpp"

namespace dbr::sim {

struct Fault {
  FaultRule rule;
  std::uint64_t draw = 0;  // for the place in the bytes, or the rows that are dropped
  int before = 0;          // how often this rule has hit this path before; counted for `once` and changed only
};

class Faults {
 public:
  Faults(std::uint64_t seed, std::vector<FaultRule> rules) : m_dice(seed, 5), m_rules(std::move(rules)) {}

  void replace(std::vector<FaultRule> rules);
  /// The first rule that hits.
  std::optional<Fault> draw(const Call& call, bool is_cdn);
  /// IDs of the table at this path.
  std::vector<std::int64_t> bad_rows(std::string_view path) const;

 private:
  mutable std::mutex m_mutex;
  Dice m_dice;
  std::vector<FaultRule> m_rules;
  std::map<std::pair<std::size_t, std::string>, int> m_hits;  // by rule and path
  std::chrono::steady_clock::time_point m_down_until;
};

/// The answer of a fault that hides the real one.
std::optional<Reply> reply_instead(const Fault& fault, bool is_cdn);

/// The other faults: what happens to the real answer's bytes.
void damage(Reply& reply, const Fault& fault);

}  // namespace dbr::sim
