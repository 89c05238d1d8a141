// SPDX-License-Identifier: MIT
#include "api.hpp"

#include <fmt/format.h>

#include <mutex>

#include "post_api.hpp"
#include "table_api.hpp"

namespace dbr::sim {

namespace {

/// base64 of "sim:sim-key".
constexpr std::string_view k_basic = "Basic c2ltOnNpbS1rZXk=";

enum class Account { anonymous, known, refused };

/// Basic wins over the query; half a pair or a wrong one is refused.
Account account_of(const Call& call) {
  if (const auto basic = call.header("Authorization"); !basic.empty()) {
    return basic == k_basic ? Account::known : Account::refused;
  }
  const auto login = parameter(call.parameters, "login");
  const auto key = parameter(call.parameters, "api_key");
  if (!login && !key) return Account::anonymous;
  return login == k_login && key == k_api_key ? Account::known : Account::refused;
}

/// A blank search value redirects to the URL without it.
std::optional<Reply> redirect_without_blanks(const Call& call) {
  Parameters kept;
  for (const auto& [name, value] : call.parameters) {
    if (!name.starts_with("search[") || !value.empty()) kept.emplace_back(name, value);
  }
  if (kept.size() == call.parameters.size()) return std::nullopt;
  std::string location = call.path;
  char separator = '?';
  for (const auto& [name, value] : kept) {
    location += fmt::format("{}{}={}", separator, percent_encode(name), percent_encode(value));
    separator = '&';
  }
  Reply reply{.status = 302, .type = "text/html; charset=utf-8"};
  reply.headers.emplace_back("Location", location);
  return reply;
}

Reply answer_path(const World& world, const Call& call, const Viewer& viewer, const PageTwist& twist) {
  // "/posts/5.json" is table "posts" and id "5"; "/counts/posts.json" is the one path of its kind.
  const std::string path = call.path.substr(1, call.path.size() - 1 - std::string_view(".json").size());
  if (path == "counts/posts") return answer_counts(world, call);
  if (path == "posts") return answer_posts(world, call, viewer, twist);
  const auto slash = path.find('/');
  const std::string table = path.substr(0, slash);
  if (slash == std::string::npos) return answer_table(world, table, call, viewer, twist);
  const auto id = parse_number(std::string_view(path).substr(slash + 1));
  if (!id) return not_found_reply();
  return table == "posts" ? answer_post(world, *id, call, viewer) : answer_row(world, table, *id, call, viewer);
}

}  // namespace

Reply answer_api(const World& world, const Call& call, const PageTwist& twist) {
  if (!call.body.empty()) {
    return error_reply(400, "ApplicationController::RequestBodyNotAllowedError",
                       "Request body not allowed for GET requests");
  }
  const Account account = account_of(call);
  if (account == Account::refused) {
    return error_reply(401, "SessionLoader::AuthenticationFailure", "Invalid API key");
  }
  const auto slash = call.path.rfind('/');
  const auto dot = call.path.find('.', slash);
  const std::string format = dot == std::string::npos ? "html" : call.path.substr(dot + 1);
  if (format == "html") return html_reply(200, "Danbooru: a stand-in");
  if (format != "json") return error_reply(406, "ActionController::UnknownFormat", "");
  if (auto redirect = redirect_without_blanks(call)) return std::move(*redirect);
  const Viewer viewer{.host = std::string(call.host()), .is_utc = account == Account::known, .era = world.options.era};
  const std::shared_lock lock(world.mutex);
  Reply reply = answer_path(world, call, viewer, twist);
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  reply.headers.emplace_back("Cache-Control", "max-age=0, private, must-revalidate");
  reply.headers.emplace_back("X-Git-Hash", "06587d1f");
  return reply;
}

}  // namespace dbr::sim
