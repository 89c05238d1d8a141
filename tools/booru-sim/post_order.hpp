// SPDX-License-Identifier: MIT
// The posts of one page: the query's matches in the query's order.
#pragma once

#include <vector>

#include "page.hpp"
#include "post_query.hpp"

namespace dbr::sim {

std::vector<const Post*> posts_of_page(const World& world, const PostQuery& query, const Page& page);

std::int64_t count_posts(const World& world, const PostQuery& query);

}  // namespace dbr::sim
