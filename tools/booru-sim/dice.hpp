// SPDX-License-Identifier: MIT
// Draws that are the same on every machine: SplitMix64, no std distributions (theirs differ between libraries).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace dbr::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed, std::uint64_t stream = 0) : m_state(seed ^ (stream * 0x9e3779b97f4a7c15U)) {
    next();
  }

  std::uint64_t next() {
    m_state += 0x9e3779b97f4a7c15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  /// In [0, 1).
  double fraction() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  bool chance(double probability) { return fraction() < probability; }

  /// Both ends included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }

  /// In [0, count): rank r is drawn about in proportion to 1 / (r + 1), like words in a language.
  std::size_t rank(std::size_t count) {
    const double drawn = std::exp(fraction() * std::log(static_cast<double>(count) + 1.0)) - 1.0;
    const auto rank = static_cast<std::size_t>(drawn);
    return rank < count ? rank : count - 1;
  }

  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(next() % std::size(list))];
  }

  std::string hex(std::size_t digits) {
    std::string text;
    while (text.size() < digits) text += "0123456789abcdef"[next() % 16];
    return text;
  }

 private:
  std::uint64_t m_state;
};

}  // namespace dbr::sim
