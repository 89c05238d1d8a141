// SPDX-License-Identifier: MIT
// `deepdanbooru`: the directory KichangKim/DeepDanbooru trains from: a database, pictures named by md5 and a list of
// tags.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dbr/base/atomic_file.hpp"
#include "field_values.hpp"
#include "link_tree.hpp"
#include "release_rows.hpp"
#include "site_columns.hpp"
#include "sqlite_file.hpp"
#include "tag_table.hpp"
#include "tags_to_learn.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

using metadata::TagCategory;

constexpr std::string_view k_format = "deepdanbooru";

constexpr std::string_view k_tables = R"sql(
CREATE TABLE posts (
  id INTEGER NOT NULL PRIMARY KEY,
  md5 TEXT NOT NULL,
  file_ext TEXT NOT NULL,
  tag_string TEXT NOT NULL,
  tag_count_general INTEGER NOT NULL,
  rating TEXT,
  score INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL
);
)sql";

std::string database_name(const dataset::Release& release) {
  return release.spec.name + ".sqlite";
}

bool is_md5(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The names a post's picture may have, in order; the last one is no other post's.
std::array<std::string, 3> names_for(const dataset::ReleasePost& post, const Json& record) {
  const std::string_view site = text_in(record, "md5");
  return {std::string(is_md5(site) ? site : post.md5), std::string(post.md5), fmt::format("{:032}", post.id)};
}

// Links the picture; returns the name it got. Two posts may claim one md5: the site's may be wrong, and equal files
// may have been posted twice.
Result<std::string> link_picture(const Context& context, LinkTree& tree, const dataset::ReleasePost& post,
                                 const Json& record) {
  for (const std::string& name : names_for(post, record)) {
    DBR_TRY(const bool is_linked,
            tree.link(context, post.id, fmt::format("images/{}/{}.jpg", name.substr(0, 2), name)));
    if (is_linked) return name;
  }
  return fail(ErrorKind::internal, fmt::format("cannot write {}: post {} comes twice", k_format, post.id));
}

std::int64_t general_tags_in(std::span<const metadata::TagUse> tags) {
  return std::ranges::count(tags, static_cast<int>(TagCategory::general), &metadata::TagUse::category);
}

std::string tag_string(std::span<const metadata::TagUse> tags) {
  std::string text;
  for (const metadata::TagUse& tag : tags) text += (text.empty() ? "" : " ") + tag.name;
  return text;
}

Result<void> write_posts(const Context& context, SqliteFile& file, LinkTree& tree, TagTable& tags) {
  DBR_TRY(auto insert, file.prepare(insert_into("posts", 8)));
  const auto on_post = [&](const dataset::ReleasePost& post) -> Result<void> {
    if (post.ml.empty()) return {};
    DBR_TRY(const Json record, parse_record(k_format, post.json));
    DBR_TRY(const std::string name, link_picture(context, tree, post, record));
    (void)tags.use(post.tags);
    const std::string_view rating = text_in(record, "rating");
    insert.bind(1, post.id).bind(2, name).bind(3, "jpg").bind(4, tag_string(post.tags));
    insert.bind(5, general_tags_in(post.tags));
    insert.bind(6, rating.empty() ? std::nullopt : std::optional<std::string_view>(rating));
    insert.bind(7, number_in(record, "score").value_or(0)).bind(8, std::int64_t{flag_in(record, "is_deleted")});
    return insert.run();
  };
  return for_each_post(context, k_format, on_post);
}

}  // namespace

std::vector<std::string> deepdanbooru_files(const dataset::Release& release) {
  return {"images/", database_name(release), "tags.txt"};
}

Result<void> write_deepdanbooru(const Context& context) {
  DBR_TRY(LinkTree tree, LinkTree::create(context.folder));
  DBR_TRY(TagTable tags, TagTable::load(context, k_format));
  DBR_TRY(SqliteFile file, SqliteFile::create(tree.path() / database_name(context.release), 0));
  DBR_CHECK(file.execute(k_tables));
  DBR_CHECK(write_posts(context, file, tree, tags));
  DBR_CHECK(file.commit());
  DBR_TRY(const std::string list, tags_to_learn(tags));
  DBR_CHECK(tree.write("tags.txt", list));
  return tree.commit();
}

}  // namespace dbr::exports
