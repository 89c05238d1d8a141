// SPDX-License-Identifier: MIT
#include "reply.hpp"

#include <fmt/format.h>

#include "json.hpp"

namespace dbr::sim {

std::string_view Call::header(std::string_view name) const {
  const std::string wanted = lower_case(name);
  for (const auto& [key, value] : headers) {
    if (lower_case(key) == wanted) return value;
  }
  return {};
}

Reply json_reply(std::string body) {
  return Reply{.body = std::move(body)};
}

Reply error_reply(int status, std::string_view error_class, std::string_view message) {
  Json body = {{"success", false}, {"error", error_class}, {"message", message}, {"backtrace", nullptr}};
  if (status == 500) body["backtrace"] = {"app/logical/post_query_builder.rb:175:in `paginated_posts'"};
  return Reply{.status = status, .body = body.dump()};
}

Reply not_found_reply() {
  return error_reply(404, "ActiveRecord::RecordNotFound", "That record was not found.");
}

Reply html_reply(int status, std::string_view title) {
  return Reply{.status = status,
               .type = "text/html; charset=UTF-8",
               .body = fmt::format(
                   "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n", title)};
}

Reply redirect_reply(std::string location) {
  Reply reply = html_reply(308, "308 Permanent Redirect");
  reply.headers.emplace_back("Location", std::move(location));
  return reply;
}

Reply text_reply(int status, std::string_view text) {
  return Reply{.status = status, .type = "text/plain; charset=utf-8", .body = std::string(text)};
}

Reply challenge_reply() {
  Reply reply = html_reply(403, "Just a moment...");
  reply.headers.emplace_back("cf-mitigated", "challenge");
  reply.headers.emplace_back("Server", "cloudflare");
  return reply;
}

}  // namespace dbr::sim
