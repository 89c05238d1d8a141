// SPDX-License-Identifier: MIT
#include "hop.hpp"

#include <fmt/format.h>

#include "dbr/http/address.hpp"
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

Result<Reach> reach_of(const Request& request, std::string_view url) {
  const Reach reach = request.reach ? request.reach(url) : Reach::any;
  if (reach == Reach::refused) return fail(ErrorKind::corrupt, "it is not allowed");
  DBR_TRY(const Url parts, parse_url(url));
  // The only place where this is seen when a proxy does the connecting.
  if (reach == Reach::public_only && !may_be_public(parts.host)) {
    return fail(ErrorKind::corrupt, fmt::format("{} is a private address", parts.host));
  }
  return reach;
}

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
  if (has_parent_steps(location)) {
    return refuse_redirect(hop.url, fmt::format("it redirects to {}, with .. in it", describe_url(location)));
  }
  const auto reach = reach_of(request, *target);
  if (!reach) {
    return refuse_redirect(hop.url,
                           fmt::format("it redirects to {}: {}", describe_url(*target), reach.error().message));
  }
  return Hop{std::move(*target), is_same_origin(from, to) ? hop.credentials : std::nullopt, *reach};
}

}  // namespace dbr::http
