// SPDX-License-Identifier: MIT
#include "dbr/metadata/record.hpp"

#include <algorithm>

#include "json_parser.hpp"
#include "row.hpp"

namespace dbr::metadata {

std::string_view to_string(Table table) {
  switch (table) {
    case Table::tags:
      return "tags";
    case Table::tag_aliases:
      return "tag_aliases";
    case Table::tag_implications:
      return "tag_implications";
    case Table::pools:
      return "pools";
    case Table::notes:
      return "notes";
    case Table::artist_commentaries:
      return "artist_commentaries";
    case Table::artists:
      return "artists";
  }
  return "unknown";
}

Result<Record> read_record(const simdjson::dom::element& element) {
  simdjson::dom::object fields;
  if (element.get(fields) != simdjson::SUCCESS) return fail(ErrorKind::corrupt, "not a record: no JSON object");
  const Row row(fields);
  const auto id = row.number("id");
  if (!id || *id <= 0) return fail(ErrorKind::corrupt, "not a record: it has no id");
  Record record{.id = *id, .post_id = row.number("post_id"), .record = pack(fields, {})};
  for (const std::string_view key : {"name", "antecedent_name"}) {
    if (const auto name = row.text(key); !name.empty()) record.name = name;
  }
  return record;
}

Result<RecordPage> parse_records(std::string_view json) {
  JsonParser parser;
  DBR_TRY(const auto parsed, parser.parse(json));
  simdjson::dom::array rows;
  if (parsed.get(rows) != simdjson::SUCCESS) return fail(ErrorKind::corrupt, "no JSON array of records");
  RecordPage page;
  for (const auto row : rows) {
    auto record = read_record(row);
    if (record) {
      page.records.push_back(std::move(*record));
    } else {
      ++page.refused;
    }
  }
  std::ranges::sort(page.records, {}, &Record::id);
  return page;
}

}  // namespace dbr::metadata
