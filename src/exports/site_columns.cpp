// SPDX-License-Identifier: MIT
#include "site_columns.hpp"

#include <fmt/format.h>

#include <array>

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

constexpr std::array k_note = {
    Column{"post_id", integer}, Column{"x", integer},         Column{"y", integer}, Column{"width", integer},
    Column{"height", integer},  Column{"is_active", boolean}, Column{"body", text}, Column{"version", integer},
    Column{"created_at", time}, Column{"updated_at", time},
};

constexpr std::array k_commentary = {
    Column{"post_id", integer},       Column{"original_title", text},         Column{"original_description", text},
    Column{"translated_title", text}, Column{"translated_description", text}, Column{"created_at", time},
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

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case integer:
    case boolean:
      return "INTEGER";
    case real:
      return "REAL";
    case text:
    case time:
      return "TEXT";
  }
  return "TEXT";
}

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

// By the value's own type: a number that comes as text is turned into one by the column's affinity, and what fits
// nowhere is kept as it came.
void bind_value(sql::Statement& statement, int index, const Json& value, ColumnType type) {
  if (value.is_boolean()) {
    statement.bind(index, std::int64_t{value.get<bool>() ? 1 : 0});
  } else if (value.is_number_integer()) {
    statement.bind(index, value.get<std::int64_t>());
  } else if (value.is_string()) {
    const auto& text_value = value.get_ref<const std::string&>();
    const auto moment = type == time ? parse_timestamp(text_value) : std::nullopt;
    statement.bind(index, moment ? format_timestamp(*moment) : text_value);
  } else {
    statement.bind(index, value.dump());
  }
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

std::string column_definitions(std::span<const Column> columns, std::string_view more) {
  std::string sql = "  id INTEGER PRIMARY KEY";
  for (const Column& column : columns) sql += fmt::format(",\n  {} {}", column.name, sql_type(column.type));
  if (!more.empty()) sql += fmt::format(",\n{}", more);
  return sql;
}

std::string insert_into(std::string_view table, std::size_t count) {
  std::string sql = fmt::format("INSERT INTO {} VALUES (?", table);
  for (std::size_t value = 1; value < count; ++value) sql += ", ?";
  return sql + ")";
}

void bind_columns(sql::Statement& statement, int first, std::span<const Column> columns, const Json& row) {
  for (const Column& column : columns) {
    const Json* value = find(row, column);
    if (value == nullptr) {
      statement.bind_null(first);
    } else {
      bind_value(statement, first, *value, column.type);
    }
    ++first;
  }
}

}  // namespace dbr::exports
