// SPDX-License-Identifier: MIT
#include "site_columns.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "dbr/base/time.hpp"

namespace dbr::exports {
namespace {

using enum ColumnType;

// tag_string and its parts are not here: they are the rows of post_tags.
constexpr std::array k_post = {
    Column{"created_at", time},
    Column{"updated_at", time},
    Column{"uploader_id", integer},
    Column{"approver_id", integer},
    Column{"score", integer},
    Column{"up_score", integer},
    Column{"down_score", integer},
    Column{"fav_count", integer},
    Column{"source", text},
    Column{"md5", text},
    Column{"rating", text},
    Column{"image_width", integer},
    Column{"image_height", integer},
    Column{"file_size", integer},
    Column{"file_ext", text},
    Column{"tag_count", integer},
    Column{"tag_count_general", integer},
    Column{"tag_count_artist", integer},
    Column{"tag_count_copyright", integer},
    Column{"tag_count_character", integer},
    Column{"tag_count_meta", integer},
    Column{"parent_id", integer},
    Column{"pixiv_id", integer},
    Column{"has_children", boolean},
    Column{"has_active_children", boolean},
    Column{"has_visible_children", boolean},
    Column{"has_large", boolean},
    Column{"is_pending", boolean},
    Column{"is_flagged", boolean},
    Column{"is_deleted", boolean},
    Column{"is_banned", boolean},
    Column{"bit_flags", integer},
    Column{"last_noted_at", time},
    Column{"last_commented_at", time},
    Column{"last_comment_bumped_at", time},
    Column{"file_url", text},
    Column{"large_file_url", text},
    Column{"preview_file_url", text},
    Column{"media_asset_id", integer, "media_asset", "id"},
    Column{"duration", real, "media_asset"},
    Column{"pixel_hash", text, "media_asset"},
};

// Aliases and implications have the same columns.
constexpr std::array k_relation = {
    Column{"antecedent_name", text}, Column{"consequent_name", text},  Column{"status", text},
    Column{"creator_id", integer},   Column{"approver_id", integer},   Column{"forum_topic_id", integer},
    Column{"reason", text},          Column{"forum_post_id", integer}, Column{"created_at", time},
    Column{"updated_at", time},
};

constexpr std::array k_pool = {
    Column{"name", text},          Column{"description", text},  Column{"category", text},
    Column{"post_count", integer}, Column{"is_active", boolean}, Column{"is_deleted", boolean},
    Column{"created_at", time},    Column{"updated_at", time},
};

// Of posts in the release only, so every one of them is there.
constexpr Column k_post_id{.name = "post_id", .type = integer, .is_required = true, .references = "posts"};

constexpr std::array k_note = {
    k_post_id,
    Column{"x", integer},
    Column{"y", integer},
    Column{"width", integer},
    Column{"height", integer},
    Column{"is_active", boolean},
    Column{"body", text},
    Column{"version", integer},
    Column{"created_at", time},
    Column{"updated_at", time},
};

constexpr std::array k_commentary = {
    k_post_id,
    Column{"original_title", text},
    Column{"original_description", text},
    Column{"translated_title", text},
    Column{"translated_description", text},
    Column{"created_at", time},
    Column{"updated_at", time},
};

constexpr std::array k_artist = {
    Column{"name", text},         Column{"group_name", text}, Column{"is_deleted", boolean},
    Column{"is_banned", boolean}, Column{"created_at", time}, Column{"updated_at", time},
};

constexpr std::array k_artist_url = {
    Column{"artist_id", integer}, Column{"url", text},        Column{"is_active", boolean},
    Column{"created_at", time},   Column{"updated_at", time},
};

constexpr std::array k_user = {
    Column{"name", text},         Column{"level", integer},      Column{"level_string", text},
    Column{"is_banned", boolean}, Column{"is_deleted", boolean}, Column{"created_at", time},
};

const Json* find(const Json& row, const Column& column) {
  const Json* object = &row;
  if (!column.parent.empty()) {
    const auto parent = row.find(column.parent);
    if (parent == row.end() || !parent->is_object()) return nullptr;
    object = &*parent;
  }
  const auto field = object->find(column.field.empty() ? column.name : column.field);
  return field == object->end() || field->is_null() ? nullptr : &*field;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value integer_value(const Json& value) {
  if (value.is_boolean()) return std::int64_t{value.get<bool>() ? 1 : 0};
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return {};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return {};
  const auto number = parse_number<std::int64_t>(value.get_ref<const std::string&>());
  return number ? Value(*number) : Value();
}

Value boolean_value(const Json& value) {
  if (value == "true" || value == "t") return std::int64_t{1};
  if (value == "false" || value == "f") return std::int64_t{0};
  const Value number = integer_value(value);
  const auto* bit = std::get_if<std::int64_t>(&number);
  return bit != nullptr && (*bit == 0 || *bit == 1) ? number : Value();
}

Value real_value(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return {};
  const auto number = parse_number<double>(value.get_ref<const std::string&>());
  return number && std::isfinite(*number) ? Value(*number) : Value();
}

Value time_value(const Json& value) {
  if (!value.is_string()) return {};
  const auto moment = parse_timestamp(value.get_ref<const std::string&>());
  // Years that every database knows.
  if (!moment || *moment < start_of_year(1) || *moment >= start_of_year(10'000)) return {};
  return format_timestamp(*moment);
}

}  // namespace

std::span<const Column> post_columns() {
  return k_post;
}

std::span<const Column> columns_of(metadata::Table table) {
  switch (table) {
    case metadata::Table::tags:
      return {};
    case metadata::Table::tag_aliases:
    case metadata::Table::tag_implications:
      return k_relation;
    case metadata::Table::pools:
      return k_pool;
    case metadata::Table::notes:
      return k_note;
    case metadata::Table::artist_commentaries:
      return k_commentary;
    case metadata::Table::artists:
      return k_artist;
    case metadata::Table::artist_urls:
      return k_artist_url;
    case metadata::Table::users:
      return k_user;
  }
  return {};
}

Value text_value(std::string_view from) {
  if (from.find('\0') == std::string_view::npos) return from;
  std::string clean;
  for (const char c : from) {
    if (c == '\0') {
      clean += "\uFFFD";
    } else {
      clean += c;
    }
  }
  return clean;
}

Value value_of(const Json& row, const Column& column) {
  const Json* value = find(row, column);
  if (value == nullptr) return {};
  switch (column.type) {
    case integer:
      return integer_value(*value);
    case boolean:
      return boolean_value(*value);
    case real:
      return real_value(*value);
    case time:
      return time_value(*value);
    case text:
      if (value->is_string()) return text_value(value->get_ref<const std::string&>());
      return value->dump();
  }
  return {};
}

void append_values(std::vector<Value>& values, std::span<const Column> columns, const Json& row) {
  for (const Column& column : columns) values.push_back(value_of(row, column));
}

std::string insert_into(std::string_view table, std::size_t count) {
  std::string sql = fmt::format("INSERT INTO {} VALUES (?", table);
  for (std::size_t value = 1; value < count; ++value) sql += ", ?";
  return sql + ")";
}

void bind_value(sql::Statement& statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *number);
  } else if (const auto* real_number = std::get_if<double>(&value)) {
    statement.bind(index, fmt::format("{}", *real_number));  // the column's affinity makes a number of it
  } else if (const auto* view = std::get_if<std::string_view>(&value)) {
    statement.bind(index, *view);
  } else if (const auto* owned = std::get_if<std::string>(&value)) {
    statement.bind(index, *owned);
  } else {
    statement.bind_null(index);
  }
}

void bind_columns(sql::Statement& statement, int first, std::span<const Column> columns, const Json& row) {
  for (const Column& column : columns) bind_value(statement, first++, value_of(row, column));
}

}  // namespace dbr::exports
