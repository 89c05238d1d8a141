// SPDX-License-Identifier: MIT
#include "site_columns.hpp"

#include <array>

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

}  // namespace dbr::exports
