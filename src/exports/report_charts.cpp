// SPDX-License-Identifier: MIT
#include "report_charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/units.hpp"
#include "markup.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_nothing = "<p class=\"none\">Nothing to show.</p>\n";

// Of the column chart, in pixels.
constexpr double k_top = 18;
constexpr double k_bottom = 200;
constexpr int k_height = 222;
constexpr std::size_t k_most_labels = 24;
constexpr std::size_t k_most_labels_narrow = 7;

std::string value_of(const Bar& bar) {
  return bar.value_text.empty() ? format_count(bar.value) : escape_markup(bar.value_text);
}

// A column of its own when any has one, so that the numbers stand below each other.
bool has_notes(std::span<const Bar> bars) {
  return std::ranges::any_of(bars, [](const Bar& bar) { return !bar.note.empty(); });
}

std::string number_cells(const Bar& bar, bool with_note) {
  return fmt::format("<td class=\"n\">{}</td>{}", value_of(bar),
                     with_note ? fmt::format("<td class=\"m\">{}</td>", escape_markup(bar.note)) : "");
}

std::string table_head(const ChartText& text, std::string_view between, bool with_note) {
  return fmt::format("<thead><tr><th scope=\"col\">{}</th>{}<th scope=\"col\">{}</th>{}</tr></thead>\n",
                     escape_markup(text.label_heading), between, escape_markup(text.value_heading),
                     with_note ? "<td></td>" : "");
}

// 1, 2, 2.5 or 5 times a power of ten, so that a few steps reach the highest value; whole.
std::int64_t tick_step(std::int64_t highest) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t step : {power, power * 2, power >= 10 ? power / 10 * 25 : power * 5, power * 5}) {
      if (step * 4 >= highest) return step;
    }
  }
}

std::string unfolded_table(const ChartText& text, std::span<const Bar> bars) {
  std::string rows;
  for (const Bar& bar : bars) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape_markup(bar.label), value_of(bar));
  }
  return fmt::format(
      "<details><summary>as a table</summary>\n<table class=\"plain\">\n{}<tbody>\n{}</tbody></table></details>\n",
      table_head(text, "", false), rows);
}

}  // namespace

std::string bar_table(const ChartText& text, std::span<const Bar> bars) {
  std::string html = fmt::format("<div class=\"chart\"><h3>{}</h3>\n", escape_markup(text.title));
  if (bars.empty()) return html + std::string(k_nothing) + "</div>\n";
  const std::int64_t highest = std::max(std::int64_t{1}, std::ranges::max(bars, {}, &Bar::value).value);
  const bool with_note = has_notes(bars);
  html += fmt::format("<table class=\"bars\">\n{}<tbody>\n", table_head(text, "<td></td>", with_note));
  for (const Bar& bar : bars) {
    const double share =
        100.0 * static_cast<double>(std::max(std::int64_t{0}, bar.value)) / static_cast<double>(highest);
    const std::string label = escape_markup(bar.label);
    html += fmt::format(
        "<tr><th scope=\"row\" title=\"{}\"><bdi>{}</bdi></th><td class=\"bar\"><svg width=\"100%\" height=\"12\" "
        "aria-hidden=\"true\"><rect class=\"c{}\" width=\"{:.2f}%\" height=\"12\" rx=\"2\"/></svg></td>{}</tr>\n",
        label, label, bar.colour, bar.value > 0 ? std::max(share, 0.4) : 0.0, number_cells(bar, with_note));
  }
  return html + "</tbody></table></div>\n";
}

std::string column_chart(std::string_view id, const ChartText& text, std::span<const Bar> bars) {
  const std::string title = escape_markup(text.title);
  std::string html = fmt::format("<div class=\"chart\"><h3>{}</h3>\n", title);
  const std::int64_t highest = bars.empty() ? 0 : std::ranges::max(bars, {}, &Bar::value).value;
  if (highest <= 0) return html + std::string(k_nothing) + "</div>\n";
  const std::int64_t step = tick_step(highest);
  const std::int64_t steps = (highest + step - 1) / step;
  const auto height_of = [&](std::int64_t value) {
    return (k_bottom - k_top) * static_cast<double>(value) / static_cast<double>(steps * step);
  };
  std::string axis;
  std::string plot;
  for (std::int64_t tick = 0; tick <= steps; ++tick) {
    const double y = k_bottom - height_of(tick * step);
    axis += fmt::format("<text x=\"42\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", y + 4, short_count(tick * step));
    plot += fmt::format("<line class=\"{}\" x1=\"0\" x2=\"100%\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                        tick == 0 ? "base" : "grid", y, y);
  }
  const double slot = 100.0 / static_cast<double>(bars.size());
  // A single column need not be as wide as the page.
  const double width = std::min(slot * 0.72, 12.0);
  const auto stride_for = [&](std::size_t most) { return (bars.size() + most - 1) / most; };
  const std::size_t stride = stride_for(k_most_labels);
  const std::size_t stride_narrow = std::max(stride, stride_for(k_most_labels_narrow));
  for (std::size_t index = 0; index < bars.size(); ++index) {
    const Bar& bar = bars[index];
    const double centre = slot * (static_cast<double>(index) + 0.5);
    const double height = bar.value > 0 ? std::max(1.0, height_of(bar.value)) : 0.0;
    plot += fmt::format(
        "<rect class=\"c1\" x=\"{:.3f}%\" y=\"{:.1f}\" width=\"{:.3f}%\" height=\"{:.1f}\" rx=\"1.5\"><title>{}: "
        "{}</title></rect>\n",
        centre - width / 2, k_bottom - height, width, height, escape_markup(bar.label), value_of(bar));
    const std::string_view wide_only = index % stride_narrow == 0 ? "" : " w";
    if (bars.size() <= k_most_labels && bar.value > 0) {
      plot += fmt::format("<text class=\"v w\" x=\"{:.3f}%\" y=\"{:.1f}\">{}</text>\n", centre, k_bottom - height - 5,
                          short_count(bar.value));
    }
    if (index % stride == 0) {
      plot += fmt::format("<text class=\"x{}\" x=\"{:.3f}%\" y=\"{}\">{}</text>\n", wide_only, centre, k_height - 5,
                          escape_markup(bar.label));
    }
  }
  const Bar& top = *std::ranges::max_element(bars, {}, &Bar::value);
  return html +
         fmt::format(
             "<div class=\"columns\"><svg class=\"axis\" width=\"48\" height=\"{0}\" aria-hidden=\"true\">{1}</svg>\n"
             "<svg class=\"plot\" width=\"100%\" height=\"{0}\" role=\"img\" aria-labelledby=\"{2}-t {2}-d\">\n"
             "<title id=\"{2}-t\">{3}</title><desc id=\"{2}-d\">{4} columns from {5} to {6}; the highest, {7}, has "
             "{8}. The "
             "table below has all values.</desc>\n{9}</svg></div>\n",
             k_height, axis, id, title, bars.size(), escape_markup(bars.front().label),
             escape_markup(bars.back().label), escape_markup(top.label), value_of(top), plot) +
         unfolded_table(text, bars) + "</div>\n";
}

std::string stacked_bar(const ChartText& text, std::span<const Bar> parts) {
  std::string html = fmt::format("<div class=\"chart\"><h3>{}</h3>\n", escape_markup(text.title));
  std::int64_t total = 0;
  for (const Bar& part : parts) total += std::max(std::int64_t{0}, part.value);
  if (total == 0) return html + std::string(k_nothing) + "</div>\n";
  html += "<svg class=\"stack\" width=\"100%\" height=\"30\" aria-hidden=\"true\">";
  double from = 0;
  for (const Bar& part : parts) {
    const double width =
        100.0 * static_cast<double>(std::max(std::int64_t{0}, part.value)) / static_cast<double>(total);
    if (width == 0) continue;
    html +=
        fmt::format("<rect class=\"c{}\" x=\"{:.3f}%\" width=\"{:.3f}%\" height=\"30\"><title>{}: {}</title></rect>",
                    part.colour, from, width, escape_markup(part.label), value_of(part));
    from += width;
  }
  const bool with_note = has_notes(parts);
  html += fmt::format("</svg>\n<table class=\"legend\">\n{}<tbody>\n", table_head(text, "", with_note));
  for (const Bar& part : parts) {
    html += fmt::format(
        "<tr><th scope=\"row\"><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"c{}\" width=\"12\" "
        "height=\"12\" rx=\"2\"/></svg> {}</th>{}</tr>\n",
        part.colour, escape_markup(part.label), number_cells(part, with_note));
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace dbr::exports
