// SPDX-License-Identifier: MIT
// The site's grammar for numbers and moments in searches: 5 >5 >=5 <5 <=5 5..10 5...10 ..5 5.. 5,6,7 any none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace dbr::sim {

class ValueRange {
 public:
  /// Text that cannot be read makes a range that nothing is in: the site answers an empty list, not an error.
  static ValueRange of_numbers(std::string_view text);
  static ValueRange of_moments(std::string_view text);

  /// A missing (null) value is only in "none".
  bool contains(std::optional<std::int64_t> value) const;
  /// Bounds of everything inside, for cutting scans short.
  std::int64_t lowest() const;
  std::int64_t highest() const;
  /// The values in the order of a list like "7,3,5"; empty when it was not a list.
  const std::vector<std::int64_t>& listed() const { return m_listed; }

 private:
  /// Reads one value as the interval it covers.
  struct Interval {
    std::int64_t low;
    std::int64_t high;
  };
  using Reader = std::function<std::optional<Interval>(std::string_view)>;
  static ValueRange parse(std::string_view text, const Reader& read);
  static std::optional<Interval> parse_interval(std::string_view text, const Reader& read);

  bool m_none = false;
  std::vector<Interval> m_intervals;  // ascending, for the binary search
  std::vector<std::int64_t> m_listed;
};

}  // namespace dbr::sim
