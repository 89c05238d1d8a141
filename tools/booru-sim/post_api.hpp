// SPDX-License-Identifier: MIT
// /posts.json, /posts/ID.json and /counts/posts.json.
#pragma once

#include "api.hpp"
#include "post_json.hpp"

namespace dbr::sim {

Reply answer_posts(const World& world, const Call& call, const Viewer& viewer, const PageTwist& twist);
Reply answer_post(const World& world, PostId id, const Call& call, const Viewer& viewer);
Reply answer_counts(const World& world, const Call& call);

}  // namespace dbr::sim
