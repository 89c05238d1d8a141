// SPDX-License-Identifier: MIT
#include "unit/exports/small_release.hpp"

#include <algorithm>
#include <stdexcept>

#include "dbr/base/zstd_file.hpp"

namespace dbr::exports::test {

std::vector<Record> small_posts() {
  std::string tags = "1girl solo";
  for (const std::string& tag : k_hostile_tags) tags += " " + tag;
  Record full = dbr::test::post_record(1);
  full["updated_at"] = "2017-03-04T05:06:07.089-05:00";
  full["uploader_id"] = 1;
  full["approver_id"] = nullptr;
  full["up_score"] = 5;
  full["down_score"] = -1;
  full["fav_count"] = 12;
  full["source"] = "https://example.com/?a='b'&c=\"d\"\n";
  full["tag_string"] = tags + " 1girl";
  full["tag_string_general"] = tags + " 1girl";
  full["tag_string_artist"] = "somebody";
  full["tag_string"] = tags + " somebody";
  full["tag_count"] = 14;
  full["parent_id"] = 1003;
  full["pixiv_id"] = 123456789012;
  full["has_children"] = true;
  full["has_active_children"] = nullptr;
  full["bit_flags"] = 2;
  full["last_noted_at"] = "2017-01-01T00:00:00.000-05:00";
  full["media_asset"] = {{"id", 77}, {"duration", 3.25}, {"pixel_hash", "ecfbad5b0bf98b1e8faeef908aba8613"}};
  full["field_of_tomorrow"] = {{"nested", {1, 2.5, nullptr}}};

  Record bare = dbr::test::post_record(2, "s");
  bare.erase("score");
  bare.erase("parent_id");
  bare["tag_string"] = "";
  bare["tag_string_general"] = nullptr;
  bare["media_asset"] = nullptr;

  Record explicit_one = dbr::test::post_record(1003, "e");
  explicit_one["is_deleted"] = true;
  explicit_one["tag_string"] = "1girl unheard_of";
  explicit_one["tag_string_general"] = "1girl unheard_of";
  return {full, bare, explicit_one, dbr::test::post_record(4)};
}

std::vector<std::pair<metadata::Table, Record>> small_tables() {
  using metadata::Table;
  std::vector<std::pair<Table, Record>> rows = {
      {Table::tags, {{"id", 500}, {"name", "1girl"}, {"post_count", 9999}, {"category", 0}}},
      {Table::tags, {{"id", 400}, {"name", "solo"}, {"post_count", 9999}, {"category", 0}}},
      {Table::tags, {{"id", 300}, {"name", "somebody"}, {"post_count", 1}, {"category", 1}}},
      {Table::tags, {{"id", 200}, {"name", "nobody_uses_this"}, {"post_count", 0}, {"category", 4}}},
      {Table::tag_aliases,
       {{"id", 1},
        {"antecedent_name", "girl"},
        {"consequent_name", "1girl"},
        {"status", "active"},
        {"reason", nullptr}}},
      {Table::tag_implications,
       {{"id", 2}, {"antecedent_name", "twin's"}, {"consequent_name", "solo"}, {"status", "deleted"}}},
      {Table::pools,
       {{"id", 7},
        {"name", "Original_-_ある○人の島"},
        {"category", "series"},
        {"is_active", false},
        {"post_ids", {1003, 4, 1}},
        {"post_count", 3},
        {"created_at", "2013-11-08T21:44:54.588-05:00"}}},
      {Table::pools, {{"id", 8}, {"name", "old"}, {"post_ids", "2 1003  2"}}},
      {Table::pools, {{"id", 9}, {"name", "without"}, {"is_active", true}}},
      {Table::notes, {{"id", 30}, {"post_id", 1}, {"x", 5}, {"is_active", true}, {"body", "<b>a</b>\r\n'b'"}}},
      {Table::notes, {{"id", 31}, {"post_id", 4}, {"body", "of a post that is not in the release"}}},
      {Table::artist_commentaries,
       {{"id", 40}, {"post_id", 2}, {"original_title", "題"}, {"original_description", ""}}},
      {Table::artist_commentaries, {{"id", 41}, {"post_id", 4}, {"original_title", "private"}}},
      {Table::artists,
       {{"id", 50}, {"name", "somebody"}, {"is_banned", false}, {"is_deleted", false}, {"other_names", {"香", "x y"}}}},
      {Table::artist_urls, {{"id", 60}, {"artist_id", 50}, {"url", "https://example.com/'a'"}, {"is_active", true}}},
      {Table::users, {{"id", 1}, {"name", "albert"}, {"level", 50}, {"inviter_id", nullptr}}},
  };
  return rows;
}

SmallRelease::SmallRelease(bool is_reversed) {
  auto posts = small_posts();
  auto tables = small_tables();
  if (is_reversed) {
    std::ranges::reverse(posts);
    std::ranges::reverse(tables);
  }
  for (const Record& post : posts) {
    manifest.put(post);
    if (post.at("id") == 4) continue;
    manifest.store_original(post.at("id"));
    if (post.at("id") != 2) manifest.make_ml(post.at("id"));
  }
  manifest.set_ml(2, dataset::MlState::not_a_still_image);
  for (const auto& [table, row] : tables) manifest.put(table, row);
  place();
}

void SmallRelease::place() {
  release.spec = dbr::test::k_spec_2017;
  must(dataset::place(manifest.database, manifest.layout(), release.spec, 2000));
  must(dataset::save_release(manifest.database, release));
}

const Format& SmallRelease::format(std::string_view name) {
  for (const Format& candidate : formats()) {
    if (candidate.name == name) return candidate;
  }
  throw std::runtime_error("no such format");
}

Result<void> SmallRelease::write(std::string_view name, const StopToken& stop) {
  must(manifest.database.execute("BEGIN"));
  auto written = format(name).write(
      {manifest.database, release, manifest.layout(), folder(name), stop, [this] { ++posts_reported; }});
  must(manifest.database.execute("COMMIT"));
  return written;
}

std::filesystem::path SmallRelease::folder(std::string_view name) const {
  return format(name).is_tree ? manifest.layout().trees(release.spec.name) / name : folder();
}

std::vector<std::string> SmallRelease::lines(std::string_view file) const {
  std::vector<std::string> text;
  must(read_zstd_lines(folder() / file, [&](std::string_view line) -> Result<void> {
    text.emplace_back(line);
    return {};
  }));
  return text;
}

std::string Written::rows(std::string_view query, int columns) {
  auto select = must(m_database.prepare(query));
  std::string text;
  while (must(select.step())) {
    if (!text.empty()) text += '\n';
    for (int column = 0; column < columns; ++column) {
      if (column > 0) text += '|';
      text += select.is_null(column) ? std::string_view("~") : select.text(column);
    }
  }
  return text;
}

}  // namespace dbr::exports::test
