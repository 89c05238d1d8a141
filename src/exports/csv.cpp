// SPDX-License-Identifier: MIT
// `csv`: the tags, aliases and implications as the comma-separated tables that taggers and tag tools read. Quoted as in
// RFC 4180; lines end with a newline, as in the files in circulation.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "dbr/base/text_file.hpp"
#include "release_rows.hpp"
#include "site_columns.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

using metadata::Table;

constexpr std::string_view k_tags_file = "tags.csv";
constexpr std::array k_relations = {Table::tag_aliases, Table::tag_implications};

std::string file_of(Table table) {
  return fmt::format("{}.csv", to_string(table));
}

void append_cell(std::string& line, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

// A line's cells; NULL is an empty one.
void append_cells(std::string& line, std::span<const Value> values) {
  for (const Value& value : values) {
    if (&value != values.data()) line += ',';
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      line += std::to_string(*number);
    } else if (const auto* view = std::get_if<std::string_view>(&value)) {
      append_cell(line, *view);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      append_cell(line, *text);
    }
  }
  line += '\n';
}

Result<void> write_tags(const Context& context) {
  DBR_TRY(TagTable table, TagTable::load(context, k_tags_file));
  const auto count = [&](const dataset::ReleasePost& post) -> Result<void> {
    table.use(post.tags);
    return {};
  };
  DBR_CHECK(for_each_post(context, k_tags_file, count, dataset::PostRecords::left_out));
  std::vector<TagTable::UsedTag> tags;
  DBR_CHECK(table.for_each_used([&](const TagTable::UsedTag& tag) -> Result<void> {
    tags.push_back(tag);
    return {};
  }));
  // The most used first: the beginning of the file is the vocabulary people train on.
  std::ranges::stable_sort(tags, std::ranges::greater(), &TagTable::UsedTag::posts);
  DBR_TRY(TextFile file, TextFile::create(context.folder / k_tags_file));
  std::string line = "tag_id,name,category,count\n";
  for (const TagTable::UsedTag& tag : tags) {
    append_cells(line, std::array<Value, 4>{tag.id, text_value(tag.name), tag.category, tag.posts});
    DBR_CHECK(file.write(line));
    line.clear();
  }
  DBR_CHECK(file.write(line));
  return file.commit();
}

Result<void> write_relation(const Context& context, Table table) {
  const std::string name = file_of(table);
  DBR_TRY(TextFile file, TextFile::create(context.folder / name));
  std::vector<Value> row = {std::string_view("id")};
  for (const Column& column : columns_of(table)) row.emplace_back(column.name);
  std::string line;
  append_cells(line, row);
  DBR_CHECK(file.write(line));
  DBR_CHECK(for_each_row(context, name, table, [&](std::int64_t id, std::string_view json) -> Result<void> {
    DBR_TRY(const Json record, parse_record(name, json));
    row.assign({id});
    append_values(row, columns_of(table), record);
    line.clear();
    append_cells(line, row);
    return file.write(line);
  }));
  return file.commit();
}

}  // namespace

std::vector<std::string> csv_files(const dataset::Release&) {
  std::vector<std::string> names = {std::string(k_tags_file)};
  for (const Table table : k_relations) names.push_back(file_of(table));
  return names;
}

Result<void> write_csv(const Context& context) {
  DBR_CHECK(write_tags(context));
  for (const Table table : k_relations) DBR_CHECK(write_relation(context, table));
  return {};
}

}  // namespace dbr::exports
