// SPDX-License-Identifier: MIT
// Random numbers that are the same on every machine and cost a multiplication each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dbr::bench {

/// Spreads any 64 bits evenly over 64 bits (the finaliser of SplitMix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(mix(seed + 0x9e3779b97f4a7c15)) {}

  std::uint64_t next() { return mix(m_state += 0x9e3779b97f4a7c15); }
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(((next() >> 32) * end) >> 32); }
  /// `from` to `to`, both included.
  std::uint32_t between(std::uint32_t from, std::uint32_t to) { return from + below(to - from + 1); }
  bool per_mille(std::uint32_t share) { return below(1000) < share; }
  /// Like below(), but small results are common: a third of them are in the first ninth.
  std::uint32_t low_below(std::uint32_t end) { return below(1 + below(end)); }

 private:
  std::uint64_t m_state;
};

/// Walker's alias method: an index in proportion to its weight, in constant time.
class WeightedChoice {
 public:
  explicit WeightedChoice(const std::vector<double>& weights);
  std::uint32_t draw(Random& random) const {
    const std::uint64_t bits = random.next();
    const Slot& slot = m_slots[((bits >> 32) * m_slots.size()) >> 32];
    return static_cast<std::uint32_t>(bits) < slot.threshold ? slot.own : slot.alias;
  }

 private:
  struct Slot {
    std::uint32_t threshold, own, alias;
  };
  std::vector<Slot> m_slots;
};

/// Log-normal whole numbers, cut at both ends: many are small, a few are large.
class SkewedCount {
 public:
  SkewedCount(double mean, double sigma, std::uint32_t lowest, std::uint32_t highest);
  std::uint32_t draw(Random& random) const { return m_values[random.below(k_values)]; }

 private:
  static constexpr std::uint32_t k_values = 4096;
  std::vector<std::uint32_t> m_values;
};

}  // namespace dbr::bench
