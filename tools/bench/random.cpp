// SPDX-License-Identifier: MIT
#include "random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dbr::bench {

WeightedChoice::WeightedChoice(const std::vector<double>& weights) : m_slots(weights.size()) {
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  std::vector<double> rest(weights);
  std::vector<std::uint32_t> poor, rich;
  for (std::uint32_t at = 0; at < rest.size(); ++at) (rest[at] < mean ? poor : rich).push_back(at);
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t taker = poor.back(), giver = rich.back();
    poor.pop_back();
    m_slots[taker] = {static_cast<std::uint32_t>(rest[taker] / mean * 4294967295.0), taker, giver};
    rest[giver] -= mean - rest[taker];
    if (rest[giver] < mean) {
      rich.pop_back();
      poor.push_back(giver);
    }
  }
  // What rounding left over has its slot to itself.
  for (const std::uint32_t at : poor) m_slots[at] = {0, at, at};
  for (const std::uint32_t at : rich) m_slots[at] = {0, at, at};
}

SkewedCount::SkewedCount(double mean, double sigma, std::uint32_t lowest, std::uint32_t highest) {
  const double mu = std::log(mean) - sigma * sigma / 2;
  Random random(0);
  m_values.reserve(k_values);
  for (std::uint32_t i = 0; i < k_values; ++i) {
    double normal = -6;  // the sum of twelve even numbers from 0 to 1 is near enough to a normal one
    for (int die = 0; die < 12; ++die) normal += random.below(1 << 20) / static_cast<double>(1 << 20);
    const double value = std::exp(mu + sigma * normal);
    m_values.push_back(std::clamp(static_cast<std::uint32_t>(std::lround(value)), lowest, highest));
  }
}

}  // namespace dbr::bench
