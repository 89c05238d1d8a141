// SPDX-License-Identifier: MIT
#include "table_search.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace dbr::sim {

namespace {

/// What can be searched besides id, created_at and updated_at.
const std::map<std::string, std::set<std::string, std::less<>>, std::less<>> k_searchable = {
    {"tags", {"name", "category", "post_count", "is_deprecated", "is_empty", "hide_empty"}},
    {"tag_aliases", {"status", "antecedent_name", "consequent_name", "creator_id"}},
    {"tag_implications", {"status", "antecedent_name", "consequent_name", "creator_id"}},
    {"pools", {"name", "description", "category", "is_deleted", "is_active", "post_ids", "post_count"}},
    {"notes", {"is_active", "x", "y", "width", "height", "body", "version", "post_id"}},
    {"artist_commentaries",
     {"post_id", "original_title", "original_description", "translated_title", "translated_description", "is_deleted"}},
    {"artists", {"name", "group_name", "is_banned", "is_deleted", "other_names"}},
    {"artist_urls", {"artist_id", "url", "is_active"}},
    {"users", {"name", "level"}},
    {"post_versions",
     {"post_id", "updater_id", "version", "tags", "rating_changed", "parent_changed", "source_changed", "is_new"}},
    {"post_replacements", {"post_id", "md5", "old_md5", "media_asset_id", "creator_id"}},
    {"post_flags", {"post_id", "status", "category"}},
    {"post_approvals", {"post_id", "user_id"}},
    {"media_assets", {"status", "md5", "file_ext", "pixel_hash", "is_posted"}},
    {"mod_actions", {"category", "subject_type", "subject_id", "description", "creator_id"}},
    {"post_events", {"post_id", "event_at", "model_type", "category"}},
    {"note_versions", {"note_id", "post_id", "updater_id"}},
    {"pool_versions", {"pool_id", "updater_id"}},
    {"artist_commentary_versions", {"post_id", "updater_id"}},
};

/// The suffix forms of the range grammar.
constexpr auto k_suffixes = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"_gteq", ">="}, {"_lteq", "<="}, {"_gt", ">"}, {"_lt", "<"}, {"_eq", ""}});

bool is_true(std::string_view text) {
  return text == "true" || text == "t" || text == "1" || text == "yes" || text == "on";
}

bool is_moment_key(std::string_view key) {
  return key.ends_with("_at");
}

std::optional<std::int64_t> number_in(const Json& row, const std::string& key) {
  const auto found = row.find(key);
  if (found == row.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

bool any_of(std::string_view list, const std::function<bool(const std::string&)>& test) {
  const auto parts = split(list, ',');
  return std::any_of(parts.begin(), parts.end(), test);
}

/// Attributes that are not a column.
std::optional<bool> computed(const Json& row, std::string_view key, const std::string& value) {
  const auto is_empty_text = [&](const char* name) { return row.value(name, std::string()).empty(); };
  if (key == "is_empty") return (row["post_count"] == 0) == is_true(value);
  if (key == "hide_empty") return !is_true(value) || row["post_count"] != 0;
  if (key == "is_new") return (row["version"] == 1) == is_true(value);
  if (key == "is_deleted" && row.contains("original_title")) {
    return (is_empty_text("original_title") && is_empty_text("original_description") &&
            is_empty_text("translated_title") && is_empty_text("translated_description")) == is_true(value);
  }
  return std::nullopt;
}

TableSearch::Condition equals(const std::string& key, const std::string& value) {
  const auto numbers = ValueRange::of_numbers(value);
  return [key, value, numbers](const Json& row) {
    if (const auto answer = computed(row, key, value)) return *answer;
    const auto found = row.find(key);
    if (found == row.end()) return false;
    if (found->is_boolean()) return found->get<bool>() == is_true(value);
    if (found->is_string()) {
      const bool is_choice = key == "status" || key == "category";
      const auto& text = found->get_ref<const std::string&>();
      return is_choice ? any_of(value, [&](const auto& v) { return lower_case(v) == text; }) : text == value;
    }
    if (found->is_array()) {
      return std::any_of(found->begin(), found->end(), [&](const Json& element) {
        return element.is_number() ? numbers.contains(element.get<std::int64_t>()) : element == value;
      });
    }
    return numbers.contains(number_in(row, key));
  };
}

TableSearch::Condition in_range(const std::string& key, const ValueRange& range) {
  return [key, range](const Json& row) { return range.contains(number_in(row, key)); };
}

ValueRange range_of(std::string_view key, const std::string& value) {
  return is_moment_key(key) ? ValueRange::of_moments(value) : ValueRange::of_numbers(value);
}

bool is_known(std::string_view table, std::string_view key) {
  if (key == "id" || key == "created_at") return true;
  if (key == "updated_at") return table != "users";
  const auto known = k_searchable.find(table);
  return known != k_searchable.end() && known->second.contains(key);
}

/// The condition that `search[key]=value` means, nothing when the site does not know the key.
std::optional<TableSearch::Condition> condition(std::string_view table, std::string key, const std::string& value) {
  if (is_known(table, key))
    return is_moment_key(key) || key == "id" ? in_range(key, range_of(key, value)) : equals(key, value);
  for (const auto& [suffix, prefix] : k_suffixes) {
    const std::string base = key.substr(0, key.size() - std::min(suffix.size(), key.size()));
    if (key.ends_with(suffix) && is_known(table, base))
      return in_range(base, range_of(base, std::string(prefix) + value));
  }
  for (const std::string_view suffix : {"_not_eq", "_not"}) {
    const std::string base = key.substr(0, key.size() - std::min(suffix.size(), key.size()));
    if (key.ends_with(suffix) && is_known(table, base)) {
      return [inner = *condition(table, base, value)](const Json& row) { return !inner(row); };
    }
  }
  for (const std::string_view suffix : {"_matches", "_comma", "_contains", "_space"}) {
    const std::string base = key.substr(0, key.size() - std::min(suffix.size(), key.size()));
    if (!key.ends_with(suffix) || !is_known(table, base)) continue;
    return [base, suffix, value](const Json& row) {
      const auto text = row.value(base, std::string());
      if (suffix == "_matches") return matches_wildcard(text, value);
      if (suffix == "_contains") return lower_case(text).find(lower_case(value)) != std::string::npos;
      const auto list = split(value, suffix == "_comma" ? ',' : ' ');
      return std::find(list.begin(), list.end(), text) != list.end();
    };
  }
  return std::nullopt;
}

}  // namespace

bool TableSearch::matches(std::int64_t id, const std::function<Json()>& row) const {
  if (!std::all_of(ids.begin(), ids.end(), [&](const ValueRange& range) { return range.contains(id); })) return false;
  if (conditions.empty()) return true;
  const Json values = row();
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& test) { return test(values); });
}

TableSearch parse_table_search(std::string_view table, const Parameters& parameters) {
  TableSearch search;
  for (const auto& [name, value] : parameters) {
    if (!name.starts_with("search[") || !name.ends_with("]")) continue;
    const std::string key = name.substr(7, name.size() - 8);
    if (key == "order") {
      search.order = lower_case(value);
    } else if (key == "id") {
      search.ids.push_back(ValueRange::of_numbers(value));
    } else if (auto test = condition(table, key, value)) {
      search.conditions.push_back(std::move(*test));
    }
  }
  return search;
}

}  // namespace dbr::sim
