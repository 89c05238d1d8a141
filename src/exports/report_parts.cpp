// SPDX-License-Identifier: MIT
#include "report_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/units.hpp"
#include "markup.hpp"
#include "readme.hpp"
#include "report_charts.hpp"

namespace dbr::exports {
namespace {

std::int64_t number(const Document& value) {
  return value.get<std::int64_t>();
}

std::string bytes(const Document& value) {
  return format_bytes(number(value));
}

std::string section(std::string_view id, std::string_view title, std::string_view lead, std::string_view body) {
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}{}</section>\n", id, title,
                     lead.empty() ? "" : fmt::format("<p class=\"lead\">{}</p>\n", lead), body);
}

std::string grid(std::string_view body, std::string_view columns = "two") {
  return fmt::format("<div class=\"grid {}\">\n{}</div>\n", columns, body);
}

std::string percent_of(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::string()
                    : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string signed_text(std::int64_t change) {
  return (change > 0 ? "+" : change < 0 ? "−" : "±") + format_count(change < 0 ? -change : change);
}

// "250 kB – 500 kB", "from 50 MB".
template <class Format>
std::string range_label(const Document& range, Format format) {
  const std::int64_t from = number(range.at("from"));
  if (range.at("below").is_null()) return "from " + format(from);
  const std::string below = format(number(range.at("below")));
  return from == 0 ? "below " + below : format(from) + " – " + below;
}

std::string short_bytes(std::int64_t size) {
  return size % 1'000'000 == 0 ? fmt::format("{} MB", size / 1'000'000) : fmt::format("{} kB", size / 1000);
}

std::string short_megapixels(std::int64_t pixels) {
  return fmt::format("{} MP", static_cast<double>(pixels) / 1e6);
}

std::string tile(std::string_view value, std::string_view label, std::string_view more) {
  return fmt::format("<div class=\"tile\"><dt>{}</dt><dd><b>{}</b> <small>{}</small></dd></div>\n", label, value, more);
}

std::string spread_row(std::string_view name, const Document& spread) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", name,
                     decimal_text(spread.at("mean"), 1), decimal_text(spread.at("median"), 1),
                     count_text(spread.at("lowest")), count_text(spread.at("highest")));
}

std::string rating_name(const std::string& rating) {
  if (rating == "g") return "g – general";
  if (rating == "s") return "s – sensitive, once safe";
  if (rating == "q") return "q – questionable";
  return rating == "e" ? "e – explicit" : rating;
}

}  // namespace

std::string headline_tiles(const Document& statistics) {
  const Document& tags = statistics.at("tags");
  const Document& sizes = statistics.at("bytes");
  const Document& pixels = statistics.at("pixels");
  const std::string in_pixels = pixels_text(number(pixels.at("total")));
  return "<dl class=\"tiles\">\n" +
         tile(count_text(statistics.at("posts")), "posts",
              fmt::format("{} of them still images", count_text(statistics.at("stills")))) +
         tile(count_text(tags.at("instances")), "tag instances",
              fmt::format("of {} different tags", count_text(tags.at("unique")))) +
         tile(decimal_text(tags.at("mean"), 1), "tags a post",
              fmt::format("median {}", decimal_text(tags.at("median"), 1))) +
         tile(bytes(sizes.at("total")), "in all", fmt::format("{} files", count_text(statistics.at("files")))) +
         tile(bytes(sizes.at("512px")), "as 512px forms",
              sizes.at("512px_percent").is_null()
                  ? std::string("no still images")
                  : fmt::format("{} % of their originals", decimal_text(sizes.at("512px_percent"), 1))) +
         tile(in_pixels.substr(0, in_pixels.find(' ')), in_pixels.substr(in_pixels.find(' ') + 1),
              fmt::format(
                  "{} megapixels a picture",
                  pixels.at("mean").is_null() ? "–" : fmt::format("{:.2f}", pixels.at("mean").get<double>() / 1e6))) +
         "</dl>\n";
}

std::string growth_section(const Document& statistics) {
  const Document& growth = statistics.at("growth");
  if (growth.is_null()) return {};
  std::string charts;
  const auto add = [&](std::string_view title, const char* key, auto format) {
    const Document& numbers = growth.at(key);
    const std::int64_t change = number(numbers.at("change"));
    const std::int64_t before = number(numbers.at("before"));
    const std::vector<Bar> parts = {
        {change < 0 ? "kept" : "before", change < 0 ? before + change : before,
         format(change < 0 ? before + change : before), "", 5},
        {change < 0 ? "gone" : "new", change < 0 ? -change : change, format(change < 0 ? -change : change),
         numbers.at("percent").is_null() ? "" : fmt::format("{} %", decimal_text(numbers.at("percent"), 1)), 1}};
    charts += stacked_bar({title, "part", "number"}, parts);
  };
  const auto counted = [](std::int64_t value) { return format_count(value); };
  add("Posts", "posts", counted);
  add("Tag instances", "tag_instances", counted);
  add("Different tags", "unique_tags", counted);
  add("Bytes", "bytes", [](std::int64_t value) { return format_bytes(value); });
  return section("growth", fmt::format("Since {}", escape_markup(title_of(growth.at("previous").get<std::string>()))),
                 fmt::format("{} posts, {} tag instances, {} different tags.",
                             signed_text(number(growth.at("posts").at("change"))),
                             signed_text(number(growth.at("tag_instances").at("change"))),
                             signed_text(number(growth.at("unique_tags").at("change")))),
                 grid(charts));
}

std::string posts_section(const Document& statistics) {
  std::vector<Bar> years;
  for (const Document& year : statistics.at("years")) {
    years.push_back({std::to_string(number(year.at("year"))), number(year.at("posts"))});
  }
  std::vector<Bar> ratings;
  for (const Document& rating : statistics.at("ratings")) {
    if (number(rating.at("posts")) == 0) continue;
    const auto name = rating.at("rating").get<std::string>();
    const int colour = name == "g" ? 2 : name == "s" ? 1 : name == "q" ? 3 : name == "e" ? 4 : 5;
    ratings.push_back({rating_name(name), number(rating.at("posts")), "",
                       fmt::format("{} %", decimal_text(rating.at("percent"), 1)), colour});
  }
  std::vector<Bar> sets;
  for (const Document& set : statistics.at("sets")) {
    const auto name = set.at("set").get<std::string>();
    sets.push_back({name, number(set.at("posts")), "", bytes(set.at("bytes")), name == "sfw" ? 1 : 4});
  }
  const std::string spreads =
      "<div class=\"chart\"><h3>Scores and favourites</h3>\n<div class=\"scroll\"><table "
      "class=\"plain\"><thead><tr><td></td><th scope=\"col\">mean</th>"
      "<th scope=\"col\">median</th><th scope=\"col\">lowest</th><th scope=\"col\">highest</th></tr></thead>\n<tbody>" +
      spread_row("score", statistics.at("scores")) + spread_row("favourites", statistics.at("favourites")) +
      "</tbody></table></div></div>\n";
  return section("posts", "Posts", "",
                 column_chart("years", {"Posts by year of creation (UTC)", "year", "posts"}, years) +
                     grid(stacked_bar({"Ratings", "rating", "posts"}, ratings) +
                              stacked_bar({"Sets", "set", "posts"}, sets) + spreads,
                          "three"));
}

std::string tags_section(const Document& statistics) {
  const Document& tags = statistics.at("tags");
  std::vector<Bar> ranges;
  for (const Document& range : statistics.at("tags_per_post")) {
    const std::int64_t from = number(range.at("from"));
    ranges.push_back({range.at("below").is_null() ? fmt::format("{}+", from)
                                                  : fmt::format("{}–{}", from, number(range.at("below")) - 1),
                      number(range.at("posts"))});
  }
  std::vector<Bar> instances;
  std::vector<Bar> different;
  std::string tops;
  int colour = 0;
  for (const Document& category : tags.at("categories")) {
    const auto name = category.at("name").get<std::string>();
    ++colour;
    instances.push_back({name, number(category.at("instances")), "",
                         fmt::format("{} a post, median {}", decimal_text(category.at("mean"), 2),
                                     decimal_text(category.at("median"), 1)),
                         colour});
    different.push_back({name, number(category.at("unique")), "", "", colour});
    std::vector<Bar> top;
    for (const Document& tag : category.at("top")) {
      top.push_back({tag.at("name").get<std::string>(), number(tag.at("posts")), "", "", colour});
    }
    tops += bar_table({fmt::format("Most frequent: {}", name), "tag", "posts"}, top);
  }
  return section("tags", "Tags",
                 fmt::format("{} tags on {} posts: {} a post in the mean, {} in the median.",
                             count_text(tags.at("instances")), count_text(statistics.at("posts")),
                             decimal_text(tags.at("mean"), 1), decimal_text(tags.at("median"), 1)),
                 column_chart("tags-per-post", {"Posts by number of tags", "tags", "posts"}, ranges) +
                     stacked_bar({"Tag instances by category", "category", "instances"}, instances) +
                     grid(tops + bar_table({"Different tags by category", "category", "tags"}, different), "three"));
}

std::string files_section(const Document& statistics) {
  const Document& sizes = statistics.at("bytes");
  std::vector<Bar> formats;
  for (const Document& format : statistics.at("formats")) {
    formats.push_back(
        {format.at("extension").get<std::string>(), number(format.at("files")), "", bytes(format.at("bytes"))});
  }
  const auto size_chart = [&](std::string_view title, const char* form, int colour) {
    std::vector<Bar> bars;
    for (const Document& range : statistics.at("file_sizes").at(form).at("ranges")) {
      bars.push_back({range_label(range, short_bytes), number(range.at("files")), "", "", colour});
    }
    return bar_table({title, "size", "files"}, bars);
  };
  const std::vector<Bar> forms = {
      {"originals, all", number(sizes.at("original")), bytes(sizes.at("original")), "", 1},
      {"originals of stills", number(sizes.at("original_of_stills")), bytes(sizes.at("original_of_stills")), "", 1},
      {"their 512px forms", number(sizes.at("512px")), bytes(sizes.at("512px")),
       sizes.at("512px_percent").is_null() ? "" : fmt::format("{} %", decimal_text(sizes.at("512px_percent"), 1)), 2}};
  const auto mean = [&](const char* form) {
    const Document& value = statistics.at("file_sizes").at(form).at("mean");
    return value.is_null() ? std::string("–") : format_bytes(static_cast<ByteCount>(value.get<double>()));
  };
  return section(
      "files", "Files",
      fmt::format("{} bytes in {} files. An original has {} in the mean, a 512px form {}.",
                  count_text(sizes.at("total")), count_text(statistics.at("files")), mean("original"), mean("512px")),
      grid(bar_table({"Formats of the originals", "extension", "files"}, formats) +
           bar_table({"What the 512px forms take", "form", "bytes"}, forms) +
           size_chart("Sizes of the originals", "original", 1) + size_chart("Sizes of the 512px forms", "512px", 2)));
}

std::string pictures_section(const Document& statistics) {
  const Document& dimensions = statistics.at("dimensions");
  const std::int64_t posts = number(statistics.at("pixels").at("posts"));
  std::vector<Bar> megapixels;
  for (const Document& range : dimensions.at("megapixels")) {
    megapixels.push_back({range_label(range, short_megapixels), number(range.at("posts"))});
  }
  std::vector<Bar> common;
  for (const Document& size : dimensions.at("common")) {
    common.push_back({fmt::format("{} × {}", number(size.at("width")), number(size.at("height"))),
                      number(size.at("posts")), "", percent_of(number(size.at("posts")), posts), 2});
  }
  std::vector<Bar> orientations;
  int colour = 0;
  for (const auto& [name, count] : dimensions.at("orientations").items()) {
    orientations.push_back({name, number(count), "", percent_of(number(count), posts), ++colour});
  }
  return section(
      "pictures", "Pictures",
      fmt::format("The originals of {} still images have {}.", count_text(statistics.at("pixels").at("posts")),
                  pixels_text(number(statistics.at("pixels").at("total")))),
      stacked_bar({"Orientation", "orientation", "posts"}, orientations) +
          grid(bar_table({"Megapixels", "megapixels", "posts"}, megapixels) +
               bar_table({"Most frequent sizes", "width × height", "posts"}, common)));
}

std::string left_out_section(const Document& statistics) {
  const Document& left_out = statistics.at("left_out");
  const auto chart = [&](std::string_view title, std::string_view form, int colour) {
    std::vector<Bar> bars;
    for (const Document& group : left_out.at("by_reason")) {
      if (group.at("form").get<std::string>() != form) continue;
      const auto reason = group.at("reason").get<std::string>();
      auto state = group.at("state").get<std::string>();
      std::ranges::replace(state, '_', ' ');
      bars.push_back(
          {reason.empty() ? state : fmt::format("{}: {}", state, reason), number(group.at("ids")), "", "", colour});
    }
    return bar_table({title, "why", "IDs"}, bars);
  };
  return section(
      "left-out", "Left out",
      fmt::format("{} IDs up to the last have no file here, and {} originals have no 512px form. "
                  "<code>left-out.tsv.zst</code> names each with its reason.",
                  count_text(left_out.at("original")), count_text(left_out.at("512px"))),
      grid(chart("IDs without an original", "original", 4) + chart("Originals without a 512px form", "512px", 3),
           "two names"));
}

std::string comparison_section(const Document& statistics) {
  const std::string name = title_of(statistics.at("release").get<std::string>());
  std::vector<Bar> images = {{name, number(statistics.at("stills")), "", "", 1}};
  std::vector<Bar> labels = {{name, number(statistics.at("tags").at("instances")), "", "", 1}};
  for (const Document& other : statistics.at("comparison")) {
    auto dataset = other.at("dataset").get<std::string>();
    dataset.resize(std::min(dataset.size(), dataset.find(" (")));  // the year of the challenge, for narrow screens
    const auto ratio = [&](const char* key) { return fmt::format("{}×", decimal_text(other.at(key), 2)); };
    images.push_back({dataset, number(other.at("images")), "", ratio("images_ratio"), 5});
    labels.push_back({dataset, number(other.at("labels")), "", ratio("labels_ratio"), 5});
  }
  return section(
      "comparison", "Beside other datasets",
      "Still images, and labels on them: tag instances here, classes of the training images of ImageNet (ILSVRC "
      "2012), labeled instances of MS COCO. Beside each: how many times as many are here.",
      grid(bar_table({"Images", "dataset", "images"}, images) + bar_table({"Labels", "dataset", "labels"}, labels)));
}

std::string about_section(const Document& statistics) {
  const Document& audit = statistics.at("audit");
  return section(
      "about", "About these numbers", "",
      fmt::format("<p>They were computed from the files of the release; <a "
                  "href=\"statistics.json\">statistics.json</a> has each of "
                  "them, <a href=\"README.md\">README.md</a> says what the release is.</p>\n"
                  "<p>Sets: rule {}. Of {} files, {} lie outside the set that the rule gives them.</p>\n"
                  "<p>{}</p>\n<h3>Citing it</h3>\n<p>{}</p>\n<pre>{}</pre>\n",
                  escape_markup(statistics.at("set_rule").get<std::string>()), count_text(audit.at("checked")),
                  count_text(audit.at("outside")), escape_markup(k_legal_note), escape_markup(citation_of(statistics)),
                  escape_markup(bibtex_of(statistics))));
}

}  // namespace dbr::exports
