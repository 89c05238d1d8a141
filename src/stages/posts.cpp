// SPDX-License-Identifier: MIT
// posts: posts as they were received, one JSON object a line, so that a script can ask the manifest without knowing it.
#include <fmt/format.h>

#include "dbr/base/units.hpp"
#include "dbr/dataset/post_query.hpp"
#include "dbr/dataset/tag_index.hpp"
#include "row_printer.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using metadata::PostState;

// The IDs asked for by name; nullopt when a filter or nothing is.
Result<std::optional<std::vector<PostId>>> named_posts(sql::Database& database, const Settings& settings) {
  std::vector<PostId> ids;
  for (const std::string& word : settings.positional) {
    DBR_TRY(const PostId id, parse_id(word));
    ids.push_back(id);
  }
  if (settings.ids) {
    DBR_TRY(const auto more, read_ids(*settings.ids));
    ids.insert(ids.end(), more.begin(), more.end());
  }
  if (settings.pool) {
    DBR_TRY(const auto more, dataset::posts_of_pool(database, *settings.pool));
    ids.insert(ids.end(), more.begin(), more.end());
    return std::optional(std::move(ids));
  }
  if (settings.positional.empty() && !settings.ids) return std::optional<std::vector<PostId>>();
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return std::optional(std::move(ids));
}

dataset::PostFilter filter_of(const Settings& settings, bool is_by_name) {
  dataset::PostFilter filter{
      .ratings = settings.ratings, .created_from = settings.created_from, .created_before = settings.created_before};
  for (const PostState state :
       {PostState::live, PostState::deleted, PostState::withheld, PostState::unread, PostState::expunged}) {
    const bool is_wanted = settings.states.empty()
                               ? is_by_name || state != PostState::expunged
                               : std::ranges::find(settings.states, to_string(state)) != settings.states.end();
    if (is_wanted) filter.states.push_back(state);
  }
  return filter;
}

}  // namespace

Result<Report> posts(const Context& context) {
  const Settings& settings = context.settings;
  DBR_TRY(auto database, context.dataset.connect());
  DBR_CHECK(database.execute("BEGIN"));  // one snapshot, whatever a writer does meanwhile
  DBR_TRY(const auto named, named_posts(database, settings));
  if (named && !settings.tags.empty()) {
    return fail(ErrorKind::usage, "posts are asked for either by ID or pool, or by --tags");
  }
  DBR_TRY(auto finder, dataset::PostFinder::create(database, filter_of(settings, named.has_value())));
  RowPrinter printer(context, "posts");
  const auto print = [&](const dataset::StoredPost& post) { return printer.add(post.id, post.json); };
  const auto find_and_print = [&](PostId id) -> Result<bool> {
    if (settings.count || settings.ids_only) {
      DBR_TRY(const bool holds, finder.holds(id));
      return holds ? printer.add(id, "") : Result<bool>(true);
    }
    DBR_TRY(const auto post, finder.find(id));
    return post ? print(*post) : Result<bool>(true);
  };
  bool is_complete = true;
  if (named) {
    for (const PostId id : *named) {
      const std::int64_t before = printer.count();
      DBR_TRY(const bool goes_on, find_and_print(id));
      is_complete = is_complete && printer.count() > before;
      if (!goes_on) break;
    }
  } else if (!settings.tags.empty()) {
    DBR_TRY(const auto query, dataset::parse_tag_query(database, settings.tags));
    DBR_CHECK(dataset::for_each_tagged(database, query, find_and_print));
  } else {
    DBR_CHECK(finder.for_each(print));
  }
  // Nothing is printed for an unknown ID, so that the output can be used as it is; the code tells.
  return printer.finish(is_complete ? ExitCode::ok : ExitCode::items_left);
}

}  // namespace dbr::stages
