// SPDX-License-Identifier: MIT
// Every index but the posts', and /TABLE/ID.json.
#pragma once

#include "api.hpp"
#include "post_json.hpp"

namespace dbr::sim {

Reply answer_table(const World& world, std::string_view name, const Call& call, const Viewer& viewer,
                   const PageTwist& twist);
Reply answer_row(const World& world, std::string_view name, std::int64_t id, const Call& call, const Viewer& viewer);

}  // namespace dbr::sim
