// SPDX-License-Identifier: MIT
#include "hosts.hpp"

#include <netdb.h>

#include <algorithm>
#include <memory>

#include "dbr/http/address.hpp"

namespace dbr::site {
namespace {

// The last two labels, or three where the second is as short as those of registries are (co.uk, com.br). Other public
// suffixes are not known here: a site below github.io trusts all its neighbours with serving files.
std::string_view domain_of(std::string_view host) {
  const bool is_address =
      host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
  const std::size_t last_dot = host.rfind('.');
  if (is_address || last_dot == std::string_view::npos || last_dot == 0) return {};
  constexpr std::size_t k_registry = 3;  // letters
  constexpr std::size_t k_country = 2;
  std::size_t dot = host.rfind('.', last_dot - 1);
  if (dot == std::string_view::npos) return host;
  const bool is_registry = host.size() - last_dot - 1 == k_country && last_dot - dot - 1 <= k_registry;
  if (is_registry && dot > 0) dot = host.rfind('.', dot - 1);
  return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

// 127.0.0.1, localhost and ::1 are one machine by several names.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "127.0.0.1";
}

}  // namespace

bool is_named_host(std::string_view host, std::string_view site_host, const std::vector<std::string>& allowed) {
  if (host == site_host || std::ranges::find(allowed, host) != allowed.end()) return true;
  return is_loopback(host) && is_loopback(site_host);
}

bool is_file_host(std::string_view host, std::string_view site_host, const std::vector<std::string>& allowed) {
  if (is_named_host(host, site_host, allowed)) return true;
  const std::string_view domain = domain_of(site_host);
  return !domain.empty() && domain_of(host) == domain;
}

bool is_private_host(const std::string& host) {
  if (!http::may_be_public(host)) return true;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  for (const addrinfo* at = list.get(); at != nullptr; at = at->ai_next) {
    if (http::is_public_address(*at->ai_addr)) return false;
  }
  return true;
}

}  // namespace dbr::site
