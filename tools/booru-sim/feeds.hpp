// SPDX-License-Identifier: MIT
// The rows by which the site tells what happened to a post: one function for each feed.
#pragma once

#include <string_view>

#include "world.hpp"

namespace dbr::sim {

/// What an edit is compared with.
struct PostBefore {
  std::string tag_string;
  char rating = 0;
  PostId parent_id = 0;
  std::string source;
};

PostBefore state_before(const World& world, const Post& post);

/// `before` is nullptr for the version that an upload makes.
void add_post_version(World& world, const Post& post, const PostBefore* before, Moment at);
void add_post_replacement(World& world, const Post& post, const Asset& before, Moment at);
/// Every flag makes one, and every deletion.
void add_post_flag(World& world, const Post& post, std::string_view status, Moment at);
void add_post_approval(World& world, const Post& post, Moment at);
/// Category is the name ("post_ban"); `subject` 0 is null.
void add_mod_action(World& world, std::string_view category, std::string_view description, PostId subject, Moment at);

/// A row of note_versions, pool_versions or artist_commentary_versions: a copy of the thing under a new id.
void add_thing_version(World& world, std::string_view table, std::string_view id_name, const Json& thing, Moment at);

}  // namespace dbr::sim
