// SPDX-License-Identifier: MIT
#include "relational_rows.hpp"

#include <array>
#include <functional>
#include <string>
#include <utility>

#include "release_rows.hpp"
#include "tag_table.hpp"

namespace dbr::exports {
namespace {

using metadata::Table;

class Walk {
 public:
  Walk(const Context& context, std::string_view file, RowWriter& writer)
      : m_context(context), m_file(file), m_writer(writer) {}

  Result<void> run() {
    DBR_TRY(TagTable tags, TagTable::load(m_context, m_file));
    DBR_CHECK(info());
    DBR_CHECK(posts(tags));
    // From here it is known which posts and tags are in the release.
    DBR_CHECK(tags.for_each_used([&](const TagTable::UsedTag& tag) {
      return insert(Relation::tags, {tag.id, text_value(tag.name), tag.category, tag.posts});
    }));
    for (const Table table : metadata::k_tables) {
      if (table != Table::tags) DBR_CHECK(site_table(table));
    }
    return {};
  }

 private:
  Result<void> insert(Relation relation, std::initializer_list<Value> row) {
    return m_writer.insert(relation, {row.begin(), row.size()});
  }

  Result<void> info() {
    const dataset::ReleaseSpec& spec = m_context.release.spec;
    const std::array<std::pair<std::string_view, std::string>, 4> facts = {{
        {"cutoff", format_timestamp(spec.cutoff)},
        {"release", spec.name},
        {"schema_version", std::to_string(k_relational_version)},
        {"set_rule", dataset::set_rule(spec)},
    }};
    for (const auto& [key, value] : facts) DBR_CHECK(insert(Relation::info, {key, value}));
    return {};
  }

  Result<void> posts(TagTable& tags) {
    std::vector<Value> row;
    return for_each_post(m_context, m_file, [&](const dataset::ReleasePost& post) -> Result<void> {
      DBR_TRY(const Json record, parse_record(m_file, post.json));
      m_members.add(post.id);
      row.assign({post.id});
      append_values(row, post_columns(), record);
      row.insert(row.end(), {to_string(post.set), post.original, post.size, post.sha256});
      if (post.box) {
        const auto pixels = [](int count) { return Value(std::int64_t{count}); };
        row.insert(row.end(), {post.ml, pixels(post.box->x), pixels(post.box->y), pixels(post.box->width),
                               pixels(post.box->height)});
      } else {
        row.resize(row.size() + 5);
      }
      DBR_CHECK(m_writer.insert(Relation::posts, row));
      for (const std::int64_t tag : tags.use(post.tags)) DBR_CHECK(insert(Relation::post_tags, {post.id, tag}));
      return {};
    });
  }

  // A row about a post is in the release when its post is.
  bool is_in_release(Table table, const Json& record) const {
    const bool is_about_post = table == Table::notes || table == Table::artist_commentaries;
    return !is_about_post || m_members.contains(integer_of(record, "post_id"));
  }

  Result<void> site_table(Table table) {
    const Relation relation = relation_of(table);
    std::vector<Value> row;
    return for_each_row(m_context, m_file, table, [&](std::int64_t id, std::string_view json) -> Result<void> {
      DBR_TRY(const Json record, parse_record(m_file, json));
      if (!is_in_release(table, record)) return {};
      row.assign({id});
      append_values(row, columns_of(table), record);
      DBR_CHECK(m_writer.insert(relation, row));
      if (table == Table::pools) return pool_posts(id, json);
      if (table == Table::artists) return other_names(id, record);
      return {};
    });
  }

  Result<void> pool_posts(std::int64_t pool, std::string_view json) {
    std::int64_t position = 0;
    for (const PostId post : metadata::pool_posts(json)) {
      ++position;
      if (m_members.contains(post)) DBR_CHECK(insert(Relation::pool_posts, {pool, position, post}));
    }
    return {};
  }

  Result<void> other_names(std::int64_t artist, const Json& record) {
    const auto names = record.find("other_names");
    if (names == record.end() || !names->is_array()) return {};
    std::int64_t position = 0;
    for (const Json& name : *names) {
      ++position;
      if (!name.is_string()) continue;
      DBR_CHECK(
          insert(Relation::artist_other_names, {artist, position, text_value(name.get_ref<const std::string&>())}));
    }
    return {};
  }

  const Context& m_context;
  std::string_view m_file;
  RowWriter& m_writer;
  PostSet m_members;
};

}  // namespace

Result<void> write_relational_rows(const Context& context, std::string_view file, RowWriter& writer) {
  return Walk(context, file, writer).run();
}

}  // namespace dbr::exports
