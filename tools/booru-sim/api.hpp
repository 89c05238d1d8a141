// SPDX-License-Identifier: MIT
// The JSON API: who asks, in which format, and which part of the site answers.
#pragma once

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
  std::uint64_t draw = 0;                   // Drop::any: which rows
  std::vector<std::int64_t> bad_rows = {};  // a page with one of these is a 500
};

Reply answer_api(const World& world, const Call& call, const PageTwist& twist);

}  // namespace dbr::sim
