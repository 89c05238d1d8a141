// SPDX-License-Identifier: MIT
#include "collector.hpp"

#include <fmt/format.h>

#include "dbr/base/units.hpp"

namespace dbr::stages {
namespace {

using dataset::MaybeTable;
using metadata::Post;
using metadata::PostState;
using metadata::Record;
using metadata::Table;

std::string name_of(MaybeTable table) {
  return table ? std::string(to_string(*table)) : "posts";
}

}  // namespace

Result<Collector> Collector::create(const Context& context, site::Booru& booru, sql::Database& database) {
  DBR_TRY(auto writer, dataset::MetadataWriter::create(database));
  Collector collector(context, booru, database, std::move(writer));
  const auto load = [&](MaybeTable table) -> Result<void> {
    DBR_TRY(const auto ids, dataset::skipped_rows(database, table));
    for (const std::int64_t id : ids) collector.m_skipped.emplace(table, id);
    return {};
  };
  DBR_CHECK(load({}));
  for (const Table table : metadata::k_tables) DBR_CHECK(load(table));
  return collector;
}

pipeline::Meter& Collector::start_meter(std::string_view what) {
  return m_context.progress.start(fmt::format("fetch-metadata {}", what));
}

Result<void> Collector::put(const Post& post) {
  if (post.created_at >= m_relatives_since) DBR_CHECK(follow_relatives(post));
  DBR_CHECK(m_writer.put(post));
  ++m_posts;
  return no_longer_skipped({}, post.id);
}

Result<void> Collector::follow_relatives(const Post& post) {
  DBR_TRY(const auto before, dataset::known_relation(m_database, post.id));
  const dataset::Relation now{post.parent_id, post.is_deleted};
  const bool has_moved = before && before->parent != now.parent;
  if (before && !has_moved && before->is_deleted == now.is_deleted) return {};
  if (now.parent) DBR_CHECK(dataset::add_todo(m_database, *now.parent));
  if (has_moved && before->parent) DBR_CHECK(dataset::add_todo(m_database, *before->parent));
  return {};
}

Result<void> Collector::put_expunged(PostId id) {
  DBR_TRY(const auto before, dataset::known_relation(m_database, id));
  if (before) {
    DBR_CHECK(dataset::forget_records_of(m_database, id));
    if (before->parent) DBR_CHECK(dataset::add_todo(m_database, *before->parent));
  }
  DBR_CHECK(m_writer.put_gap(id, PostState::expunged));
  return no_longer_skipped({}, id);
}

Result<void> Collector::put(Table table, const Record& record) {
  DBR_CHECK(m_writer.put(table, record));
  ++m_rows[name_of(table)];
  return no_longer_skipped(table, record.id);
}

Result<void> Collector::put_skipped(MaybeTable table, std::int64_t id, std::string_view reason) {
  log::warning("{} {} cannot be read: {}; each run asks again", name_of(table), id, reason);
  if (!table) DBR_CHECK(m_writer.put_gap(id, PostState::unread));
  m_skipped.emplace(table, id);
  return dataset::add_skipped(m_database, table, id, reason);
}

Result<void> Collector::put_absent(MaybeTable table, std::int64_t id) {
  if (!table) return put_expunged(id);
  DBR_CHECK(dataset::forget_record(m_database, *table, id));
  return no_longer_skipped(table, id);
}

Result<void> Collector::no_longer_skipped(MaybeTable table, std::int64_t id) {
  if (m_skipped.erase({table, id}) == 0) return {};
  return dataset::remove_skipped(m_database, table, id);
}

Result<void> Collector::check_site(std::string_view asked, const Error& cause) {
  const site::Selection other{.table = asked == "tags" ? "tag_aliases" : "tags"};
  const auto answer = m_booru.rows_after(other, 0, 1, site::Patience::full, stop());
  if (answer) return {};
  return fail(answer.error().kind == ErrorKind::network ? cause : answer.error());
}

PageReader<Post> Collector::post_pages() {
  return PageReader<Post>(
      {.limit = site::Booru::k_posts_per_page,
       .is_repeated = true,
       .page_after = [this](PostId after, int limit,
                            site::Patience patience) { return m_booru.posts_after(after, limit, patience, stop()); },
       .check_site = [this](const Error& cause) { return check_site("posts", cause); }});
}

PageReader<Record> Collector::row_pages(const site::Selection& selection) {
  return PageReader<Record>(
      {.limit = selection.page_size,
       .is_repeated = selection.search.empty(),
       .page_after =
           [this, selection](std::int64_t after, int limit, site::Patience patience) {
             return m_booru.rows_after(selection, after, limit, patience, stop());
           },
       .check_site = [this, table = selection.table](const Error& cause) { return check_site(table, cause); }});
}

Lookup<Post> Collector::post_lookup(Proof proof) {
  return Lookup<Post>(
      {.most = site::Booru::k_most_listed,
       .listed = [this](const std::vector<PostId>& ids,
                        site::Patience patience) { return m_booru.posts_listed(ids, patience, stop()); },
       .alone = [this](PostId id) { return m_booru.post(id, site::Patience::some, stop()); },
       .check_site = [this](const Error& cause) { return check_site("posts", cause); }},
      proof);
}

Lookup<Record> Collector::row_lookup(const std::string& table) {
  return Lookup<Record>(
      {.most = site::Booru::k_most_rows_listed,
       .listed = [this, table](const std::vector<std::int64_t>& ids,
                               site::Patience patience) { return m_booru.rows_listed(table, ids, patience, stop()); },
       .alone = {},
       .check_site = [this, table](const Error& cause) { return check_site(table, cause); }},
      Proof::list);
}

Result<Report> Collector::report() const {
  const std::int64_t requests = m_booru.requests_sent();
  std::int64_t others = 0;
  Json facts = {{"posts", m_posts}, {"requests", requests}};
  for (const auto& [name, count] : m_rows) {
    facts[name] = count;
    others += count;
  }
  const double useful = requests == 0 ? 0 : static_cast<double>(m_posts + others) / static_cast<double>(requests);
  std::int64_t unread = 0;
  for (const auto& [table, id] : m_skipped) unread += table ? 0 : 1;
  const auto skipped = static_cast<std::int64_t>(m_skipped.size());
  DBR_TRY(const auto until, dataset::milestone(m_database, dataset::Milestone::refreshed_until));
  DBR_TRY(const auto target, dataset::milestone(m_database, dataset::Milestone::refresh_target));
  DBR_TRY(const std::int64_t todo, dataset::count_todo(m_database));
  facts["useful_rows_per_request"] = useful;
  facts["unread"] = unread;
  facts["skipped"] = skipped - unread;
  facts["todo"] = todo;
  facts["refreshed_until"] = until ? Json(format_timestamp(*until)) : Json();
  facts["is_refresh_complete"] = until && !target;

  std::string text = fmt::format("{} posts and {} other rows read with {} requests ({:.1f} useful rows a request)",
                                 format_count(m_posts), format_count(others), format_count(requests), useful);
  if (unread > 0) text += fmt::format(", {} posts could not be read", unread);
  if (skipped > unread) text += fmt::format(", {} other rows could not be read", skipped - unread);
  const ExitCode code = is_stopping() ? ExitCode::interrupted : skipped > 0 ? ExitCode::items_left : ExitCode::ok;
  return make_report("fetch-metadata", std::move(text), facts, code);
}

}  // namespace dbr::stages
