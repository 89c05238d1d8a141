// SPDX-License-Identifier: MIT
// The JSON API: who asks, in which format, and which part of the site answers.
#pragma once

#include <algorithm>

#include "fault_rule.hpp"
#include "reply.hpp"
#include "world.hpp"

namespace dbr::sim {

/// The one account that can log in.
constexpr std::string_view k_login = "sim";
constexpr std::string_view k_api_key = "sim-key";

/// What a fault does to the rows of a page, as opposed to the bytes of an answer.
struct PageTwist {
  Drop drop = Drop::none;
  std::uint64_t draw = 0;              // Drop::any: which rows
  std::vector<PostId> bad_posts = {};  // an answer with one of these is a 500

  bool is_bad(PostId id) const { return std::find(bad_posts.begin(), bad_posts.end(), id) != bad_posts.end(); }
};

Reply answer_api(const World& world, const Call& call, const PageTwist& twist);

}  // namespace dbr::sim
