// SPDX-License-Identifier: MIT
#include "google.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/http/url.hpp"

namespace dbr::site {

Result<GoogleObject> parse_google_object(std::string_view name) {
  constexpr std::string_view k_prefix = "gs://";
  const std::string_view rest = name.starts_with(k_prefix) ? name.substr(k_prefix.size()) : "";
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == rest.size()) {
    return fail(ErrorKind::usage, fmt::format("cannot read {}: an object is gs://BUCKET/OBJECT", name));
  }
  return GoogleObject{std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
}

Result<GoogleTable> parse_google_table(std::string_view name) {
  constexpr std::string_view k_prefix = "bigquery:";
  const std::string_view rest = name.starts_with(k_prefix) ? name.substr(k_prefix.size()) : "";
  const auto last = rest.rfind('.');
  const auto first = last == std::string_view::npos || last == 0 ? std::string_view::npos : rest.rfind('.', last - 1);
  if (first == std::string_view::npos || first == 0 || first + 1 == last || last + 1 == rest.size()) {
    return fail(ErrorKind::usage, fmt::format("cannot read {}: a table is bigquery:PROJECT.DATASET.TABLE", name));
  }
  return GoogleTable{std::string(rest.substr(0, first)), std::string(rest.substr(first + 1, last - first - 1)),
                     std::string(rest.substr(last + 1))};
}

Result<http::Request> make_google_request(std::string_view base, std::string_view target,
                                          const DumpSettings& settings) {
  while (base.ends_with('/')) base.remove_suffix(1);
  DBR_TRY(const http::Url url, http::parse_url(base));
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::ranges::all_of(settings.google_token, is_visible)) {
    return fail(ErrorKind::config, "cannot use DBR_GOOGLE_TOKEN: it has blanks or other characters no token has",
                "gcloud auth print-access-token prints one");
  }
  http::Request request{.url = fmt::format("{}{}", base, target)};
  if (!settings.google_token.empty()) request.credentials = http::Credentials{.bearer_token = settings.google_token};
  request.reach = [host = url.host](std::string_view to) {
    const auto there = http::parse_url(to);
    return there && there->host == host ? http::Reach::any : http::Reach::refused;
  };
  return request;
}

Error google_error(Error error, std::string_view name) {
  const std::string message = fmt::format("cannot read {}: {}", name, error.message);
  switch (error.kind) {
    case ErrorKind::remote_rejected:
      return {
          error.kind, message,
          "DBR_GOOGLE_TOKEN is to hold a valid token (gcloud auth print-access-token prints one, good for an hour); "
          "where the reader pays, DBR_GOOGLE_PROJECT names the project that does"};
    case ErrorKind::not_found:
      return {ErrorKind::usage, message, "is the name right?"};
    case ErrorKind::throttled:
      return {error.kind, message, "try again later"};
    default:
      return {error.kind, message, error.hint};
  }
}

}  // namespace dbr::site
