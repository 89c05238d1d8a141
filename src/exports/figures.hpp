// SPDX-License-Identifier: MIT
// Numbers as a release states them: whole, or decimals with three digits that no machine prints otherwise.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::exports {

/// Keys stay in the order they were put in.
using Document = nlohmann::ordered_json;

/// The quotient, rounded half away from zero to three digits after the point; null when it would divide by zero.
Document decimal(std::int64_t numerator, std::int64_t denominator);

/// Indented by two spaces, what holds only plain values on one line, decimals with exactly three digits.
std::string print_document(const Document& document);

/// Shares of 100 in tenths that add up to 100, by largest remainder; of equal ones the earlier is rounded up. All zero
/// when there is nothing.
std::vector<std::int64_t> percents_in_tenths(std::span<const std::int64_t> counts);

/// How often each whole number came. Memory grows with the different numbers.
class Tally {
 public:
  void add(std::int64_t value);

  std::int64_t count() const { return m_count; }
  std::int64_t sum() const { return m_sum; }
  Document mean() const { return decimal(m_sum, m_count); }
  /// Of an even count, the mean of the middle two.
  Document median() const;
  /// Null without any.
  Document lowest() const;
  Document highest() const;

 private:
  std::int64_t at(std::int64_t position) const;
  std::map<std::int64_t, std::int64_t> m_counts;
  std::int64_t m_count = 0;
  std::int64_t m_sum = 0;
};

/// Counts by range. A range begins at its bound and ends before the next one's; the last has no end.
class Ranges {
 public:
  explicit Ranges(std::vector<std::int64_t> bounds) : m_bounds(std::move(bounds)), m_cells(m_bounds.size()) {}
  void add(std::int64_t value);
  /// [{from, below, COUNT}], with the sum of the values as SUM when that is named.
  Document document(std::string_view count, std::string_view sum = {}) const;

 private:
  struct Cell {
    std::int64_t count = 0;
    std::int64_t sum = 0;
  };
  std::vector<std::int64_t> m_bounds;
  std::vector<Cell> m_cells;
};

}  // namespace dbr::exports
