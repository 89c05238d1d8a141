// SPDX-License-Identifier: MIT
#include "hosts.hpp"

#include <algorithm>

namespace dbr::site {
namespace {

// The last two labels: enough for the sites of this kind; a site under a longer public suffix needs --allow-host.
std::string_view domain_of(std::string_view host) {
  const bool is_address =
      host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
  const std::size_t last_dot = host.rfind('.');
  if (is_address || last_dot == std::string_view::npos || last_dot == 0) return {};
  const std::size_t dot = host.rfind('.', last_dot - 1);
  return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

// 127.0.0.1, localhost and ::1 are one machine by several names.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && domain_of(host).empty());
}

}  // namespace

bool is_file_host(std::string_view host, std::string_view site_host, const std::vector<std::string>& allowed) {
  if (host == site_host || std::ranges::find(allowed, host) != allowed.end()) return true;
  if (is_loopback(host) && is_loopback(site_host)) return true;
  const std::string_view domain = domain_of(site_host);
  return !domain.empty() && domain_of(host) == domain;
}

}  // namespace dbr::site
