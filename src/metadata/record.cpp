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
    case Table::users:
      return "users";
    case Table::artist_urls:
      return "artist_urls";
  }
  return "unknown";
}

Result<Record> read_record(const simdjson::dom::element& element) {
  simdjson::dom::object fields;
  if (element.get(fields) != simdjson::SUCCESS) return fail(ErrorKind::corrupt, "not a record: no JSON object");
  const Row row(fields);
  const auto id = row.number("id");
  if (!id || *id <= 0) return fail(ErrorKind::corrupt, "not a record: it has no id");
  const auto time = [&](std::string_view key) { return row.time(key).value_or(Timestamp()); };
  Record record{.id = *id,
                .post_id = row.number("post_id"),
                .created_at = time("created_at"),
                .updated_at = time("updated_at"),
                .record = pack(fields, {})};
  if (const auto category = row.number("category"); category && *category >= 0 && *category < k_unknown_category) {
    record.category = static_cast<int>(*category);
  }
  for (const std::string_view key : {"name", "antecedent_name"}) {
    if (const auto name = row.text(key); !name.empty()) record.name = name;
  }
  return record;
}

std::vector<PostId> pool_posts(std::string_view pool_json) {
  JsonParser parser;
  const auto fields = parser.parse_object(pool_json);
  if (!fields) return {};
  std::vector<PostId> ids;
  simdjson::dom::array list;
  if ((*fields)["post_ids"].get(list) == simdjson::SUCCESS) {
    for (const auto item : list) {
      std::int64_t id = 0;
      if (item.is_string())
        id = parse_number_text(item.get_string()).value_or(0);
      else if (item.get(id) != simdjson::SUCCESS)
        id = 0;
      ids.push_back(id);
    }
    return ids;
  }
  std::string_view text = Row(*fields).text("post_ids");
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto id = parse_number_text(text.substr(0, end))) ids.push_back(*id);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return ids;
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
