// SPDX-License-Identifier: MIT
#include "dbr/metadata/dump_row.hpp"

#include <algorithm>
#include <array>

#include "json_parser.hpp"
#include "row.hpp"

namespace dbr::metadata {
namespace {

// Rows of other tables, of versions above all, have some of the same keys.
struct TableKeys {
  Table table;
  std::array<std::string_view, 2> keys;
  std::string_view without = {};
};
constexpr std::array<TableKeys, 7> k_table_keys = {{
    {Table::pools, {"is_active", "post_count"}, "pool_id"},
    {Table::notes, {"body", "x"}, "note_id"},
    {Table::artist_commentaries, {"original_title", "post_id"}, "artist_commentary_id"},
    {Table::artists, {"name", "other_names"}, "artist_id"},
    {Table::tags, {"name", "post_count"}, "tag_id"},
    {Table::artist_urls, {"artist_id", "url"}},
    {Table::users, {"name", "level"}},
}};

std::optional<Table> table_of(const Row& row, std::string_view file_name) {
  if (row.has("antecedent_name")) {
    return file_name.find("implication") == file_name.npos ? Table::tag_aliases : Table::tag_implications;
  }
  const auto found = std::ranges::find_if(k_table_keys, [&](const TableKeys& table) {
    return std::ranges::all_of(table.keys, [&](auto key) { return row.has(key); }) &&
           (table.without.empty() || !row.has(table.without));
  });
  return found == k_table_keys.end() ? std::nullopt : std::optional(found->table);
}

}  // namespace

std::string_view to_string(RowShape shape) {
  switch (shape) {
    case RowShape::site:
      return "the site's own (API, Google Cloud Storage)";
    case RowShape::number_texts:
      return "numbers as texts (Danbooru2021, BigQuery)";
    case RowShape::tag_objects:
      return "tag objects (Danbooru2017 to 2020)";
  }
  return "unknown";
}

struct DumpRowReader::State {
  JsonParser parser;
};

DumpRowReader::DumpRowReader() : m_state(std::make_unique<State>()) {}
DumpRowReader::DumpRowReader(DumpRowReader&&) noexcept = default;
DumpRowReader::~DumpRowReader() = default;

std::optional<RowKind> DumpRowReader::recognise(std::string_view json, std::string_view file_name) {
  const auto fields = m_state->parser.parse_object(json);
  if (!fields) return std::nullopt;
  const Row row(*fields);
  const auto is_array = [&](std::string_view key) {
    simdjson::dom::array list;
    return row.fields()[key].get(list) == simdjson::SUCCESS;
  };
  if (row.has("uploader_id") && row.has("rating")) {
    if (is_array("tags")) return RowKind{std::nullopt, RowShape::tag_objects};
    return RowKind{std::nullopt, row.text("uploader_id").empty() ? RowShape::site : RowShape::number_texts};
  }
  const auto table = table_of(row, file_name);
  if (!table) return std::nullopt;
  return RowKind{table, row.text("id").empty() ? RowShape::site : RowShape::number_texts};
}

Result<Post> DumpRowReader::read_post(std::string_view json) {
  DBR_TRY(const auto row, m_state->parser.parse_padded(json));
  return metadata::read_post(row, Sender::dump);
}

Result<Record> DumpRowReader::read_record(std::string_view json) {
  DBR_TRY(const auto row, m_state->parser.parse_padded(json));
  return metadata::read_record(row);
}

}  // namespace dbr::metadata
