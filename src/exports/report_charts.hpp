// SPDX-License-Identifier: MIT
// Charts of the report. Bars are SVG (printers drop backgrounds, not shapes) in percent of the width there is, so that
// text keeps its size on any screen. A chart that is no table itself comes with one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dbr::exports {

/// A bar: `label` and `note` are plain text and escaped here.
struct Bar {
  std::string label;
  std::int64_t value = 0;
  std::string value_text = {};  ///< empty: the value with commas
  std::string note = {};        ///< small, behind the number
  int colour = 1;               ///< 1 to 5
};

struct ChartText {
  std::string_view title;
  std::string_view label_heading;  ///< of the labels' column
  std::string_view value_heading;
};

/// One horizontal bar a row, in proportion to the largest value: a table with bars in it.
std::string bar_table(const ChartText& text, std::span<const Bar> bars);
/// Vertical columns, labelled where there is room, and the same as a table to unfold. `id` is unique in the page.
std::string column_chart(std::string_view id, const ChartText& text, std::span<const Bar> bars);
/// One bar of all of them, with a legend that is a table. Values below zero count as none.
std::string stacked_bar(const ChartText& text, std::span<const Bar> parts);

}  // namespace dbr::exports
