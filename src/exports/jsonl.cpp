// SPDX-License-Identifier: MIT
// `jsonl`: every record as the site sent it, one JSON object a line, one file a table.
#include <fmt/format.h>

#include "dbr/base/zstd_file.hpp"
#include "release_rows.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

using metadata::Table;

constexpr std::string_view k_posts_file = "posts.jsonl.zst";

std::string file_of(Table table) {
  return fmt::format("{}.jsonl.zst", to_string(table));
}

// Records were stored compact, so a line break inside one cannot be.
Result<void> write_line(ZstdFile& file, std::string_view json) {
  DBR_CHECK(file.write(json));
  return file.write("\n");
}

Result<void> write_posts(const Context& context, PostSet& members) {
  DBR_TRY(ZstdFile file, ZstdFile::create(context.folder / k_posts_file));
  DBR_CHECK(for_each_post(context, k_posts_file, [&](const dataset::ReleasePost& post) {
    members.add(post.id);
    return write_line(file, post.json);
  }));
  return file.commit();
}

Result<void> write_table(const Context& context, Table table, const PostSet& members) {
  const std::string name = file_of(table);
  const bool is_about_posts = table == Table::notes || table == Table::artist_commentaries;
  DBR_TRY(ZstdFile file, ZstdFile::create(context.folder / name));
  DBR_CHECK(for_each_row(context, name, table, [&](std::int64_t, std::string_view json) -> Result<void> {
    if (is_about_posts) {
      DBR_TRY(const Json row, parse_record(name, json));
      if (!members.contains(integer_of(row, "post_id"))) return {};
    }
    return write_line(file, json);
  }));
  return file.commit();
}

}  // namespace

std::vector<std::string> jsonl_files(const dataset::Release&) {
  std::vector<std::string> names = {std::string(k_posts_file)};
  for (const Table table : metadata::k_tables) names.push_back(file_of(table));
  return names;
}

Result<void> write_jsonl(const Context& context) {
  PostSet members;
  DBR_CHECK(write_posts(context, members));
  for (const Table table : metadata::k_tables) DBR_CHECK(write_table(context, table, members));
  return {};
}

}  // namespace dbr::exports
