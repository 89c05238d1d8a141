// SPDX-License-Identifier: MIT
// One step of a chain of redirects, and the rules of stepping on. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/http/client.hpp"

namespace dbr::http {

struct Hop {
  std::string url;
  std::optional<Credentials> credentials = {};
  Reach reach = Reach::any;
  /// What is left of Request::total_timeout; zero means no limit.
  std::chrono::milliseconds time_left{0};
};

/// How far `url` may lead, for `request`; corrupt, with the cause alone as its message, when it must not be fetched.
Result<Reach> reach_of(const Request& request, std::string_view url);

/// Whether a response with this status and a Location is to be followed.
bool is_redirect(long status);

/// The hop that `location`, sent in answer to `hop`, asks for; corrupt when it must not be made.
Result<Hop> next_hop(const Request& request, const Hop& hop, std::string_view location);

}  // namespace dbr::http
