// SPDX-License-Identifier: MIT
// A request and its answer as the rooms of the simulator see them, free of any HTTP library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query_text.hpp"

namespace dbr::sim {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Old posts had other fields, and hid other ones: see post_json.cpp.
enum class Era { now, y2018, y2021 };

struct Call {
  std::string method;
  std::string path;    // decoded
  std::string target;  // as sent: path and query
  Parameters parameters;
  Headers headers;
  std::string body;
  std::int64_t connection = 0;  // which of the server's connections, counted from 1

  /// The header's value, "" when it was not sent; `name` in any case.
  std::string_view header(std::string_view name) const;
  std::string_view host() const { return header("Host"); }
};

/// What a fault does to an answer on its way out.
struct Damage {
  enum class Kind { none, reset, reset_in_head, cut, stall, slow };
  Kind kind = Kind::none;
  std::int64_t after_bytes = 0;  // reset, cut, stall: body bytes sent before it happens; reset < 0: not even headers
  std::int64_t wait_ms = 0;      // stall: how long; slow: before each chunk
  std::int64_t chunk_bytes = 0;  // slow
  std::int64_t claimed_length = -1;  // Content-Length, when it lies
};

struct Reply {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body = {};
  Headers headers = {};
  Damage damage = {};
  std::int64_t wait_us = 0;  // how long Retry-After tells the client to stay away; 0 says nothing
};

Reply json_reply(std::string body);
/// {"success":false,"error":...,"message":...,"backtrace":null}
Reply error_reply(int status, std::string_view error_class, std::string_view message);
Reply not_found_reply();
Reply html_reply(int status, std::string_view title);
Reply redirect_reply(std::string location);
Reply text_reply(int status, std::string_view text);
/// What Cloudflare answers to those it does not like.
Reply challenge_reply();

}  // namespace dbr::sim
