// SPDX-License-Identifier: MIT
#include "hop.hpp"

#include <fmt/format.h>

#include "dbr/http/url.hpp"

namespace dbr::http {
namespace {

bool is_same_origin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

tl::unexpected<Error> refuse_redirect(std::string_view from, std::string_view cause) {
  return fail(ErrorKind::corrupt, fmt::format("cannot fetch {}: {}", describe_url(from), cause));
}

}  // namespace

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<Hop> next_hop(const Request& request, const Hop& hop, std::string_view location) {
  DBR_TRY(const Url from, parse_url(hop.url));
  auto target = resolve_url(hop.url, location);
  if (!target) return refuse_redirect(hop.url, fmt::format("bad redirect: {}", target.error().message));
  DBR_TRY(const Url to, parse_url(*target));
  if (from.scheme == "https" && to.scheme != "https") {
    return refuse_redirect(hop.url, fmt::format("it redirects from https to http ({})", describe_url(*target)));
  }
  if (request.allow && !request.allow(*target)) {
    return refuse_redirect(hop.url, fmt::format("it redirects to {}, which is not allowed", describe_url(*target)));
  }
  return Hop{std::move(*target), is_same_origin(from, to) ? hop.credentials : std::nullopt};
}

}  // namespace dbr::http
