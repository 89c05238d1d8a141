// SPDX-License-Identifier: MIT
#include "exports/report_charts.hpp"

#include <gtest/gtest.h>

namespace dbr::exports {
namespace {

constexpr ChartText k_text{"Title", "label", "value"};

bool has(const std::string& html, std::string_view text) {
  return html.find(text) != std::string::npos;
}

TEST(ReportChartsTest, NothingIsNoDivisionByZero) {
  const std::vector<Bar> none;
  const std::vector<Bar> zero = {{"a", 0}, {"b", 0}};
  for (const auto& bars : {none, zero}) {
    for (const std::string& html :
         {bar_table(k_text, bars), column_chart("x", k_text, bars), stacked_bar(k_text, bars)}) {
      EXPECT_FALSE(has(html, "nan") || has(html, "inf")) << html;
    }
    EXPECT_TRUE(has(column_chart("x", k_text, bars), "Nothing to show"));
    EXPECT_TRUE(has(stacked_bar(k_text, bars), "Nothing to show"));
  }
}

TEST(ReportChartsTest, BarsAreInProportionAndNamesEscaped) {
  const std::vector<Bar> bars = {{"<b>", 200, "", "half & half"}, {"b", 50}, {"none", 0}};
  const std::string html = bar_table(k_text, bars);
  EXPECT_TRUE(has(html, "<bdi>&lt;b&gt;</bdi>")) << html;
  EXPECT_TRUE(has(html, "half &amp; half"));
  EXPECT_TRUE(has(html, "width=\"100.00%\""));
  EXPECT_TRUE(has(html, "width=\"25.00%\""));
  EXPECT_TRUE(has(html, "width=\"0.00%\""));
  const std::string stack = stacked_bar(k_text, bars);
  EXPECT_TRUE(has(stack, "x=\"0.000%\" width=\"80.000%\"")) << stack;
  EXPECT_TRUE(has(stack, "x=\"80.000%\" width=\"20.000%\""));
}

TEST(ReportChartsTest, ColumnsHaveAnAxisADescriptionAndATable) {
  const std::vector<Bar> bars = {{"2016", 3}, {"2017", 7}};
  const std::string html = column_chart("years", k_text, bars);
  EXPECT_TRUE(has(html, "aria-labelledby=\"years-t years-d\"")) << html;
  EXPECT_TRUE(has(html, "the highest, 2017, has 7"));
  EXPECT_TRUE(has(html, ">8</text>"));  // ticks 0, 2, 4, 6, 8
  EXPECT_TRUE(has(html, "<th scope=\"row\">2016</th><td>3</td>"));
}

}  // namespace
}  // namespace dbr::exports
