// SPDX-License-Identifier: MIT
#include "dbr/metadata/record.hpp"

#include <algorithm>

#include "json.hpp"

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

Result<RecordPage> parse_records(std::string_view json) {
  const auto rows = parse_json(json);
  if (!rows.is_array()) return fail(ErrorKind::corrupt, "no JSON array of records");
  RecordPage page;
  for (const auto& row : rows) {
    const auto integer = [&](const char* key) -> std::optional<std::int64_t> {
      if (!row.is_object() || !row.contains(key) || !row[key].is_number_integer()) return std::nullopt;
      return row[key].get<std::int64_t>();
    };
    const auto id = integer("id");
    if (!id || *id <= 0) {
      ++page.refused;
      continue;
    }
    page.records.push_back({*id, integer("post_id"), row.dump()});
  }
  std::ranges::sort(page.records, {}, &Record::id);
  return page;
}

}  // namespace dbr::metadata
