// SPDX-License-Identifier: MIT
#include "relational_schema.hpp"

#include <algorithm>
#include <array>

namespace dbr::exports {
namespace {

using enum ColumnType;

constexpr Column k_id{.name = "id", .type = integer, .is_required = true};

constexpr Column required(std::string_view name, ColumnType type, std::string_view references = {}) {
  return {.name = name, .type = type, .is_required = true, .references = references};
}

std::vector<Column> with_id(std::span<const Column> columns, std::initializer_list<Column> more = {}) {
  std::vector<Column> all = {k_id};
  all.insert(all.end(), columns.begin(), columns.end());
  all.insert(all.end(), more);
  return all;
}

std::vector<TableDefinition> make_tables() {
  using metadata::Table;
  const auto site_table = [](Table table) { return TableDefinition{to_string(table), with_id(columns_of(table))}; };
  return {
      {"info", {required("key", text), required("value", text)}, "key"},
      {"tags", {k_id, required("name", text), required("category", integer), required("post_count", integer)}},
      {"posts", with_id(post_columns(), {required("set_name", text),
                                         required("original_path", text),
                                         required("original_size", integer),
                                         required("original_sha256", text),
                                         {"ml_path", text},
                                         {"ml_box_x", integer},
                                         {"ml_box_y", integer},
                                         {"ml_box_width", integer},
                                         {"ml_box_height", integer}})},
      {"post_tags", {required("post_id", integer, "posts"), required("tag_id", integer, "tags")}, "post_id, tag_id"},
      site_table(Table::tag_aliases),
      site_table(Table::tag_implications),
      site_table(Table::pools),
      {"pool_posts",
       {required("pool_id", integer, "pools"), required("position", integer), required("post_id", integer, "posts")},
       "pool_id, position"},
      site_table(Table::notes),
      site_table(Table::artist_commentaries),
      site_table(Table::artists),
      {"artist_other_names",
       {required("artist_id", integer, "artists"), required("position", integer), required("name", text)},
       "artist_id, position"},
      site_table(Table::artist_urls),
      site_table(Table::users),
  };
}

constexpr std::array k_indexes = {
    IndexDefinition{"tags_by_name", "tags", "name", true},
    IndexDefinition{"post_tags_by_tag", "post_tags", "tag_id, post_id"},
    IndexDefinition{"posts_by_md5", "posts", "md5"},
    IndexDefinition{"posts_by_creation", "posts", "created_at"},
    IndexDefinition{"posts_by_score", "posts", "score"},
    IndexDefinition{"posts_by_uploader", "posts", "uploader_id"},
    IndexDefinition{"posts_by_parent", "posts", "parent_id", false, "parent_id IS NOT NULL"},
    IndexDefinition{"posts_by_pixiv_id", "posts", "pixiv_id", false, "pixiv_id IS NOT NULL"},
    IndexDefinition{"tag_aliases_by_antecedent", "tag_aliases", "antecedent_name"},
    IndexDefinition{"tag_aliases_by_consequent", "tag_aliases", "consequent_name"},
    IndexDefinition{"tag_implications_by_antecedent", "tag_implications", "antecedent_name"},
    IndexDefinition{"tag_implications_by_consequent", "tag_implications", "consequent_name"},
    IndexDefinition{"pool_posts_by_post", "pool_posts", "post_id"},
    IndexDefinition{"notes_by_post", "notes", "post_id"},
    IndexDefinition{"artist_commentaries_by_post", "artist_commentaries", "post_id"},
    IndexDefinition{"artists_by_name", "artists", "name"},
    IndexDefinition{"artist_urls_by_artist", "artist_urls", "artist_id"},
    IndexDefinition{"users_by_name", "users", "name"},
    IndexDefinition{"artist_other_names_by_name", "artist_other_names", "name"},
};

// The tags of one post as the site's text of them: names in order, spaces between. A subquery each, so that only the
// columns asked for are computed, and only for the posts asked for.
#define DBR_TAG_STRING(condition)                                                                \
  "coalesce((SELECT group_concat(name, ' ') FROM (SELECT tags.name FROM post_tags JOIN tags ON " \
  "tags.id = post_tags.tag_id WHERE post_tags.post_id = posts.id" condition " ORDER BY tags.name)), '')"

constexpr std::array k_views = {
    ViewDefinition{
        "posts_with_tags",
        "SELECT posts.*,\n"
        "  " DBR_TAG_STRING(
            "") " AS tag_string,\n"
                "  " DBR_TAG_STRING(
                    " AND tags.category = 0") " AS tag_string_general,\n"
                                              "  " DBR_TAG_STRING(
                                                  " AND tags.category = 1") " AS tag_string_artist,\n"
                                                                            "  " DBR_TAG_STRING(
                                                                                " AND tags.category = "
                                                                                "3") " AS "
                                                                                     "tag_string_"
                                                                                     "copyright,\n"
                                                                                     " "
                                                                                     " " DBR_TAG_STRING(
                                                                                         " AND "
                                                                                         "tags."
                                                                                         "category"
                                                                                         " = 4") " AS "
                                                                                                 "tag_"
                                                                                                 "strin"
                                                                                                 "g_"
                                                                                                 "chara"
                                                                                                 "cter,"
                                                                                                 "\n"
                                                                                                 " "
                                                                                                 " " DBR_TAG_STRING(
                                                                                                     " "
                                                                                                     "A"
                                                                                                     "N"
                                                                                                     "D"
                                                                                                     " "
                                                                                                     "t"
                                                                                                     "a"
                                                                                                     "g"
                                                                                                     "s"
                                                                                                     "."
                                                                                                     "c"
                                                                                                     "a"
                                                                                                     "t"
                                                                                                     "e"
                                                                                                     "g"
                                                                                                     "o"
                                                                                                     "r"
                                                                                                     "y"
                                                                                                     " "
                                                                                                     "="
                                                                                                     " "
                                                                                                     "5") " AS "
                                                                                                          "tag_string_"
                                                                                                          "meta\n"
                                                                                                          "FROM posts",
        false},
    ViewDefinition{"tags_by_category",
                   "SELECT CASE category WHEN 0 THEN 'general' WHEN 1 THEN 'artist' WHEN 3 THEN 'copyright'\n"
                   "  WHEN 4 THEN 'character' WHEN 5 THEN 'meta' ELSE 'unknown' END AS category_name,\n"
                   "  id, name, category, post_count FROM tags"},
    ViewDefinition{"post_tag_names",
                   "SELECT post_tags.post_id, post_tags.tag_id, tags.name, tags.category, tags.post_count\n"
                   "FROM post_tags JOIN tags ON tags.id = post_tags.tag_id"},
    // All that a tag implies, over any number of steps.
    ViewDefinition{"implied_tags",
                   "WITH RECURSIVE implied(antecedent_name, consequent_name) AS (\n"
                   "  SELECT antecedent_name, consequent_name FROM tag_implications WHERE status = 'active'\n"
                   "  UNION SELECT implied.antecedent_name, further.consequent_name FROM implied\n"
                   "  JOIN tag_implications AS further ON further.antecedent_name = implied.consequent_name\n"
                   "    AND further.status = 'active')\n"
                   "SELECT antecedent_name, consequent_name FROM implied"},
    // For readers of older data sets' databases.
    ViewDefinition{"imageTags", "SELECT post_id AS image_id, tag_id FROM post_tags"},
};

#undef DBR_TAG_STRING

}  // namespace

std::span<const TableDefinition> tables() {
  static const std::vector<TableDefinition> k_tables = make_tables();
  return k_tables;
}

Relation relation_of(metadata::Table table) {
  const auto found = std::ranges::find(tables(), to_string(table), &TableDefinition::name);
  return static_cast<Relation>(found - tables().begin());
}

std::span<const IndexDefinition> indexes() {
  return k_indexes;
}

std::span<const ViewDefinition> views() {
  return k_views;
}

}  // namespace dbr::exports
