// SPDX-License-Identifier: MIT
// Which addresses are of the public internet. Pure.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

namespace dbr::http {

/// False for everything that is not ordinary public unicast: loopback, private, shared (CGNAT), link-local,
/// unique-local, multicast, unspecified, reserved and documentation addresses, and IPv6 addresses that stand for such
/// an IPv4 address (mapped, compatible, NAT64, 6to4). Teredo and other families are not public either.
bool is_public_address(const sockaddr& address);

/// "169.254.169.254", "::1"; no port.
std::string describe_address(const sockaddr& address);

/// Same family, address and port.
bool is_same_endpoint(const sockaddr& a, const sockaddr& b);

/// For a host as it stands in a URL (Url::host): false when it is an address that is not public, or a name for this
/// machine. What other names mean is seen when they are resolved.
bool may_be_public(std::string_view host);

}  // namespace dbr::http
