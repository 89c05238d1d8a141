// SPDX-License-Identifier: MIT
#include "post_query.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dbr::sim {

namespace {

using Number = std::function<std::optional<std::int64_t>(const World&, const Post&)>;

std::optional<std::int64_t> or_none(std::int64_t number) {
  return number == 0 ? std::nullopt : std::optional(number);
}

/// Metatags that compare a number.
const std::map<std::string, Number, std::less<>> k_numbers = {
    {"id", [](const World&, const Post& p) { return p.id; }},
    {"score", [](const World&, const Post& p) { return p.up_score + p.down_score; }},
    {"upvotes", [](const World&, const Post& p) { return p.up_score; }},
    {"downvotes", [](const World&, const Post& p) { return p.down_score; }},
    {"favcount", [](const World&, const Post& p) { return p.fav_count; }},
    {"tagcount", [](const World&, const Post& p) { return static_cast<std::int64_t>(p.tags.size()); }},
    {"pixiv_id", [](const World&, const Post& p) { return or_none(p.pixiv_id); }},
    {"pixiv", [](const World&, const Post& p) { return or_none(p.pixiv_id); }},
    {"parent", [](const World&, const Post& p) { return or_none(p.parent_id); }},
    {"width", [](const World& w, const Post& p) { return w.asset_of(p).width; }},
    {"height", [](const World& w, const Post& p) { return w.asset_of(p).height; }},
    {"filesize", [](const World& w, const Post& p) { return w.asset_of(p).size; }},
};

const std::set<std::string, std::less<>> k_free = {
    "status", "rating",  "limit",     "id",       "date",     "age",      "filesize", "filetype",
    "parent", "child",   "md5",       "width",    "height",   "duration", "mpixels",  "ratio",
    "score",  "upvotes", "downvotes", "favcount", "embedded", "tagcount", "pixiv_id", "pixiv"};

bool has_status(const Post& post, std::string_view status) {
  if (status == "active") return !post.is_deleted && !post.is_pending && !post.is_flagged;
  if (status == "deleted") return post.is_deleted;
  if (status == "pending") return post.is_pending;
  if (status == "flagged") return post.is_flagged;
  if (status == "banned") return post.is_banned;
  if (status == "modqueue") return post.is_pending || post.is_flagged;
  return status == "any" || status == "all";
}

PostQuery::Term never() {
  return [](const Post&) { return false; };
}

/// A metatag's test; nothing when the word only looks like one ("re:zero" is a tag).
std::optional<PostQuery::Term> metatag(const World& world, PostQuery& query, const std::string& name,
                                       const std::string& value) {
  if (const auto number = k_numbers.find(name); number != k_numbers.end()) {
    const auto range = ValueRange::of_numbers(value);
    if (name == "id") query.ids.push_back(range);
    return [&world, range, read = number->second](const Post& post) { return range.contains(read(world, post)); };
  }
  if (name == "date" || name == "age") {
    query.has_date = true;
    return [range = ValueRange::of_moments(value)](const Post& post) { return range.contains(post.created_at); };
  }
  if (name == "status") return [value](const Post& post) { return has_status(post, value); };
  if (name == "rating") {
    return [letters = split(lower_case(value), ',')](const Post& post) {
      return std::any_of(letters.begin(), letters.end(),
                         [&](const auto& l) { return !l.empty() && l.front() == post.rating; });
    };
  }
  if (name == "md5") {
    return [&world, list = split(lower_case(value), ',')](const Post& post) {
      return !world.is_withheld(post) && std::find(list.begin(), list.end(), world.asset_of(post).md5) != list.end();
    };
  }
  if (name == "filetype") {
    return [&world, list = split(lower_case(value), ',')](const Post& post) {
      return std::find(list.begin(), list.end(), world.asset_of(post).ext) != list.end();
    };
  }
  if (name == "pool") {
    const auto pools = world.rows.find("pools");
    const auto id = parse_number(value);
    const auto pool = std::find_if(pools->second.begin(), pools->second.end(),
                                   [&](const Json& row) { return id ? row["id"] == *id : row["name"] == value; });
    if (pool == pools->second.end()) return never();
    return [ids = (*pool)["post_ids"].get<std::set<PostId>>()](const Post& post) { return ids.contains(post.id); };
  }
  return std::nullopt;
}

PostQuery::Term plain_tag(const World& world, const std::string& name) {
  const auto found = world.tag_by_name.find(name);
  if (found == world.tag_by_name.end()) {
    if (name.find('*') == std::string::npos) return never();
    return [&world, name](const Post& post) {
      return std::any_of(post.tags.begin(), post.tags.end(),
                         [&](TagIndex t) { return matches_wildcard(world.tags[t].name, name); });
    };
  }
  return [tag = found->second](const Post& post) {
    return std::find(post.tags.begin(), post.tags.end(), tag) != post.tags.end();
  };
}

void add_word(const World& world, PostQuery& query, std::string word) {
  // "-rf" is a tag of its own here; everywhere else the minus excludes.
  const bool is_excluded = word.starts_with('-') && word.size() > 1 && !world.tag_by_name.contains(word);
  if (is_excluded) word.erase(0, 1);
  const auto colon = word.find(':');
  const std::string name = colon == std::string::npos ? "" : lower_case(word.substr(0, colon));
  const std::string value = colon == std::string::npos ? "" : word.substr(colon + 1);
  if (name == "order") {
    query.order = lower_case(value);
    ++query.counted_terms;
    return;
  }
  if (name == "limit") {
    query.limit = parse_number(value);
    return;
  }
  auto term = name.empty() ? std::nullopt : metatag(world, query, name, value);
  if (!term) term = plain_tag(world, lower_case(word));
  if (name.empty() || !k_free.contains(name)) ++query.counted_terms;
  if (is_excluded) {
    if (name == "id") query.ids.pop_back();
    term = [inner = std::move(*term)](const Post& post) { return !inner(post); };
  }
  query.terms.push_back(std::move(*term));
}

}  // namespace

bool PostQuery::matches(const Post& post) const {
  return !post.is_expunged && std::all_of(terms.begin(), terms.end(), [&](const Term& term) { return term(post); });
}

PostQuery parse_post_query(const World& world, std::string_view tags) {
  PostQuery query;
  for (auto& word : split(tags, ' ')) {
    if (!word.empty()) add_word(world, query, std::move(word));
  }
  return query;
}

}  // namespace dbr::sim
