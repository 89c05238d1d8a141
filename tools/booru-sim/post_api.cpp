// SPDX-License-Identifier: MIT
#include "post_api.hpp"

#include <algorithm>

#include "dice.hpp"
#include "post_order.hpp"
#include "related.hpp"

namespace dbr::sim {

namespace {

constexpr std::int64_t k_max_posts = 200;
constexpr int k_max_terms = 2;

void write_projected(std::string& out, const World& world, const Post& post, const Call& call, const Viewer& viewer) {
  const auto only = parameter(call.parameters, "only");
  if (!only || only->empty()) {
    write_post(out, world, post, viewer);
    return;
  }
  std::string text;
  write_post(text, world, post, viewer);
  out += project(Json::parse(text), parse_only(*only), related_rows(world, "posts", viewer)).dump();
}

Reply one_post(const World& world, const Post& post, const Call& call, const Viewer& viewer) {
  Reply reply;
  write_projected(reply.body, world, post, call, viewer);
  return reply;
}

Reply by_md5(const World& world, const std::string& md5, const Call& call, const Viewer& viewer) {
  const auto asset = world.asset_by_md5.find(lower_case(md5));
  const Post* post = asset == world.asset_by_md5.end() ? nullptr : world.find_post(world.assets[asset->second].post_id);
  return post == nullptr || world.is_withheld(*post) ? not_found_reply() : one_post(world, *post, call, viewer);
}

std::optional<Reply> refuse_terms(const PostQuery& query) {
  if (query.counted_terms <= k_max_terms) return std::nullopt;
  return error_reply(422, "PostQuery::TagLimitError", "You cannot search for more than 2 tags at a time.");
}

/// A page with holes.
void punch(std::vector<const Post*>& rows, const PageTwist& twist) {
  if (twist.drop != Drop::any || rows.size() < 2) return;
  Dice dice(twist.draw);
  const std::size_t victim = dice.next() % rows.size();
  const std::size_t survivor = (victim + 1 + dice.next() % (rows.size() - 1)) % rows.size();
  std::vector<const Post*> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_lucky = dice.chance(2.0 / 3);
    if (i == survivor || (i != victim && is_lucky)) kept.push_back(rows[i]);
  }
  rows = std::move(kept);
}

}  // namespace

Reply answer_posts(const World& world, const Call& call, const Viewer& viewer, const PageTwist& twist) {
  if (const auto md5 = parameter(call.parameters, "md5")) return by_md5(world, *md5, call, viewer);
  const auto query = parse_post_query(world, parameter(call.parameters, "tags").value_or(""));
  if (auto refused = refuse_terms(query)) return std::move(*refused);
  Page page = parse_page(call.parameters, k_max_posts);
  if (query.limit && !parameter(call.parameters, "limit"))
    page.limit = std::clamp<std::int64_t>(*query.limit, 1, k_max_posts);
  if (auto refused = refuse_page(page)) return std::move(*refused);
  shorten(page, twist.drop);
  Reply reply;
  reply.body = "[";
  auto rows = posts_of_page(world, query, page);
  punch(rows, twist);
  for (const Post* post : rows) {
    const auto& bad = twist.bad_rows;
    if (std::find(bad.begin(), bad.end(), post->id) != bad.end()) return error_reply(500, "NoMethodError", "");
    if (reply.body.size() > 1) reply.body += ',';
    write_projected(reply.body, world, *post, call, viewer);
  }
  reply.body += ']';
  return reply;
}

Reply answer_post(const World& world, PostId id, const Call& call, const Viewer& viewer) {
  const Post* post = world.find_post(id);
  return post == nullptr ? not_found_reply() : one_post(world, *post, call, viewer);
}

Reply answer_counts(const World& world, const Call& call) {
  const std::string tags = parameter(call.parameters, "tags").value_or("");
  const auto query = parse_post_query(world, tags);
  if (auto refused = refuse_terms(query)) return std::move(*refused);
  std::int64_t count = count_posts(world, query);
  // The planner's guess for an empty search, unless the client insists.
  if (tags.empty() && parameter(call.parameters, "estimate_count") != "false") count = count * 97 / 100;
  return json_reply(Json({{"counts", {{"posts", count}}}}).dump());
}

}  // namespace dbr::sim
