// SPDX-License-Identifier: MIT
#include "legacy_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "column_values.hpp"
#include "field_values.hpp"

namespace dbr::exports {
namespace {

// Kinds of values: a number is a text of digits, "0" for none; a moment that never was is the epoch.
enum class Kind { number, time, boolean, text, md5, rating, extension };

struct Field {
  std::string_view key;
  Kind kind;
};

// After `id`, in the old files' order.
constexpr std::array k_fields = {
    Field{"created_at", Kind::time},
    Field{"uploader_id", Kind::number},
    Field{"score", Kind::number},
    Field{"source", Kind::text},
    Field{"md5", Kind::md5},
    Field{"last_commented_at", Kind::time},
    Field{"rating", Kind::rating},
    Field{"image_width", Kind::number},
    Field{"image_height", Kind::number},
    Field{"is_note_locked", Kind::boolean},
    Field{"file_ext", Kind::extension},
    Field{"last_noted_at", Kind::time},
    Field{"is_rating_locked", Kind::boolean},
    Field{"parent_id", Kind::number},
    Field{"has_children", Kind::boolean},
    Field{"approver_id", Kind::number},
    Field{"file_size", Kind::number},
    Field{"is_status_locked", Kind::boolean},
    Field{"up_score", Kind::number},
    Field{"down_score", Kind::number},
    Field{"is_pending", Kind::boolean},
    Field{"is_flagged", Kind::boolean},
    Field{"is_deleted", Kind::boolean},
    Field{"updated_at", Kind::time},
    Field{"is_banned", Kind::boolean},
    Field{"pixiv_id", Kind::number},
};

void append_text(std::string& line, std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (std::ranges::all_of(text, is_plain)) {
    line.append("\"").append(text).append("\"");
  } else {
    line += Json(text).dump(-1, ' ', true);
  }
}

void append_number(std::string& line, std::int64_t number) {
  fmt::format_to(std::back_inserter(line), "\"{}\"", number);
}

std::int64_t integer_in(const Json& record, std::string_view key, ColumnType type) {
  const Value value = value_of(record, {key, type});
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

// "2008-06-10 03:08:07.34 UTC": no more decimals than there are.
std::string moment_in(const Json& record, std::string_view key) {
  const Value value = value_of(record, {key, ColumnType::time});
  const auto* moment = std::get_if<std::string>(&value);  // "2008-06-10T03:08:07.340Z"
  if (moment == nullptr) return "1970-01-01 00:00:00 UTC";
  std::string seconds = moment->substr(11, 12);
  seconds.erase(seconds.find_last_not_of('0') + 1);
  if (seconds.size() <= 9) seconds = moment->substr(11, 8);
  return fmt::format("{} {} UTC", moment->substr(0, 10), seconds);
}

// The letters of then: s for safe, which is g and s now. What has no rating is not called safe.
std::string_view rating_of(std::string_view rating) {
  if (rating == "g" || rating == "s") return "s";
  return rating == "e" ? "e" : "q";
}

void append_value(std::string& line, const Field& field, const dataset::ReleasePost& post, const Json& record) {
  switch (field.kind) {
    case Kind::number:
      return append_number(line, integer_in(record, field.key, ColumnType::integer));
    case Kind::time:
      return append_text(line, moment_in(record, field.key));
    case Kind::boolean:
      line += integer_in(record, field.key, ColumnType::boolean) != 0 ? "true" : "false";
      return;
    case Kind::text:
      return append_text(line, text_in(record, field.key));
    case Kind::md5: {
      const std::string_view md5 = text_in(record, field.key);
      return append_text(line, md5.empty() ? post.md5 : md5);
    }
    case Kind::rating:
      return append_text(line, rating_of(text_in(record, field.key)));
    case Kind::extension:
      // Readers make the file's name of it.
      return append_text(line, extension_of(post.original));
  }
}

}  // namespace

void append_legacy_row(std::string& line, const dataset::ReleasePost& post, const Json& record,
                       std::span<const TagTable::UsedTag> tags, std::span<const std::int64_t> pools) {
  line += "{\"id\":";
  append_number(line, post.id);
  for (const Field& field : k_fields) {
    line.append(",\"").append(field.key).append("\":");
    append_value(line, field, post, record);
  }
  line += ",\"tags\":[";
  for (const TagTable::UsedTag& tag : tags) {
    line += &tag == tags.data() ? "{\"id\":" : ",{\"id\":";
    append_number(line, tag.id);
    line += ",\"name\":";
    append_text(line, tag.name);
    line += ",\"category\":";
    append_number(line, tag.category);
    line += '}';
  }
  line += "],\"pools\":[";
  for (const std::int64_t& pool : pools) {
    if (&pool != pools.data()) line += ',';
    append_number(line, pool);
  }
  line += "],\"favs\":[]}";
}

}  // namespace dbr::exports
