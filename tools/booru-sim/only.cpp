// SPDX-License-Identifier: MIT
#include "only.hpp"

#include <algorithm>

namespace dbr::sim {

namespace {

/// Reads up to the closing bracket, and takes what it has read off `text`.
std::vector<OnlyField> parse_fields(std::string_view& text) {
  std::vector<OnlyField> fields(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == ',') {
      fields.emplace_back();
    } else if (c == '[') {
      fields.back().nested = parse_fields(text);
    } else if (c == ']') {
      break;
    } else {
      fields.back().name += c;
    }
  }
  return fields;
}

Json project_any(const Json& value, const std::vector<OnlyField>& fields) {
  if (fields.empty()) return value;
  if (value.is_object()) return project(value, fields, nullptr);
  Json list = Json::array();
  for (const auto& element : value) list.push_back(project_any(element, fields));
  return value.is_array() ? list : value;
}

}  // namespace

std::vector<OnlyField> parse_only(std::string_view text) {
  return parse_fields(text);
}

Json project(const Json& row, const std::vector<OnlyField>& fields, const Related& related) {
  Json cut = Json::object();
  for (const auto& [key, value] : row.items()) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const OnlyField& f) { return f.name == key; });
    if (field != fields.end()) cut[key] = project_any(value, field->nested);
  }
  for (const auto& field : fields) {
    if (!related || row.contains(field.name)) continue;
    Json found = related(row, field.name);
    if (!found.is_discarded()) cut[field.name] = project_any(found, field.nested);
  }
  return cut;
}

}  // namespace dbr::sim
