// SPDX-License-Identifier: MIT
// `dbr stats`: a release's statistics as a table for terminals.
#include <fmt/format.h>

#include "dbr/base/units.hpp"
#include "dbr/exports/pages.hpp"
#include "markup.hpp"

namespace dbr::exports {
namespace {

constexpr std::size_t k_top_tags = 5;

class Table {
 public:
  void title(std::string_view text) { m_text += fmt::format("\n{}\n", text); }
  void row(std::string_view name, std::string_view value, std::string_view more = {}) {
    m_text += fmt::format("  {:<26}{:>18}{}{}\n", name, value, more.empty() ? "" : "   ", more);
  }
  void line(std::string_view text) { m_text += fmt::format("{}\n", text); }
  std::string take() { return std::move(m_text); }

 private:
  std::string m_text;
};

// Tag names are other people's text: no escape sequence of theirs may reach a terminal.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string bytes_text(const Document& number) {
  return format_bytes(number.get<ByteCount>());
}

void add_tags(Table& table, const Document& tags) {
  table.title("tags");
  table.row("tag instances", count_text(tags.at("instances")));
  table.row("different tags", count_text(tags.at("unique")));
  table.row("mean a post", decimal_text(tags.at("mean"), 3));
  table.row("median a post", decimal_text(tags.at("median"), 1));
  for (const Document& category : tags.at("categories")) {
    std::string top;
    for (std::size_t index = 0; index < std::min(k_top_tags, category.at("top").size()); ++index) {
      top += fmt::format("{}{}", top.empty() ? "" : ", ",
                         printable(category.at("top").at(index).at("name").get<std::string>()));
    }
    table.row(category.at("name").get<std::string>(), count_text(category.at("instances")),
              fmt::format("{} different{}{}", count_text(category.at("unique")), top.empty() ? "" : ": ", top));
  }
}

void add_files(Table& table, const Document& document) {
  const Document& bytes = document.at("bytes");
  table.title("files");
  table.row("originals", count_text(document.at("posts")), bytes_text(bytes.at("original")));
  table.row("512px forms", count_text(document.at("stills")),
            fmt::format("{}, {} % of their originals", bytes_text(bytes.at("512px")),
                        decimal_text(bytes.at("512px_percent"), 1)));
  table.row("in all", count_text(document.at("files")),
            fmt::format("{} ({} bytes)", bytes_text(bytes.at("total")), count_text(bytes.at("total"))));
  table.row("terapixels", decimal_text(document.at("pixels").at("terapixels"), 3),
            pixels_text(document.at("pixels").at("total").get<std::int64_t>()));
  for (const Document& set : document.at("sets")) {
    table.row(set.at("set").get<std::string>(), count_text(set.at("files")), bytes_text(set.at("bytes")));
  }
  for (const Document& format : document.at("formats")) {
    table.row(format.at("extension").get<std::string>(), count_text(format.at("files")),
              bytes_text(format.at("bytes")));
  }
}

void add_growth(Table& table, const Document& growth) {
  if (growth.is_null()) return;
  table.title(fmt::format("since {}", growth.at("previous").get<std::string>()));
  const auto row = [&](std::string_view name, const char* key) {
    const Document& numbers = growth.at(key);
    const auto change = numbers.at("change").get<std::int64_t>();
    table.row(name, (change > 0 ? "+" : "") + format_count(change),
              fmt::format("{} %", decimal_text(numbers.at("percent"), 1)));
  };
  row("posts", "posts");
  row("tag instances", "tag_instances");
  row("different tags", "unique_tags");
  row("bytes", "bytes");
}

void add_left_out(Table& table, const Document& left_out) {
  table.title("left out");
  table.row("IDs without an original", count_text(left_out.at("original")));
  table.row("originals without 512px", count_text(left_out.at("512px")));
  for (const Document& group : left_out.at("by_reason")) {
    const auto reason = group.at("reason").get<std::string>();
    table.row(fmt::format("  {}", group.at("state").get<std::string>()), count_text(group.at("ids")),
              fmt::format("{}{}{}", group.at("form").get<std::string>(), reason.empty() ? "" : ", ", reason));
  }
}

}  // namespace

Result<std::string> format_statistics(std::string_view statistics) {
  const Document document = Document::parse(statistics, nullptr, false);
  if (!document.is_object() || document.value("schema_version", 0) != 1) {
    return fail(ErrorKind::corrupt, "the manifest holds statistics of a kind this dbr does not know");
  }
  Table table;
  table.line(fmt::format("{}: posts created before {}", document.at("release").get<std::string>(),
                         document.at("cutoff").get<std::string>()));
  table.title("posts");
  table.row("posts", count_text(document.at("posts")));
  if (!document.at("last").is_null()) {
    for (const char* edge : {"first", "last"}) {
      table.row(edge, fmt::format("#{}", document.at(edge).at("id").get<std::int64_t>()),
                document.at(edge).at("created_at").get<std::string>());
    }
  }
  for (const Document& rating : document.at("ratings")) {
    if (rating.at("posts") == 0) continue;
    table.row(fmt::format("rating {}", rating.at("rating").get<std::string>()), count_text(rating.at("posts")),
              fmt::format("{} %", decimal_text(rating.at("percent"), 1)));
  }
  add_tags(table, document.at("tags"));
  add_files(table, document);
  add_growth(table, document.at("growth"));
  add_left_out(table, document.at("left_out"));
  return table.take();
}

}  // namespace dbr::exports
