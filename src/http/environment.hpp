// SPDX-License-Identifier: MIT
// What the environment says about the way out: curl reads the proxies itself; we need to know where they are.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

namespace dbr::http {

/// The file of CA certificates to trust: SSL_CERT_FILE, then CURL_CA_BUNDLE, as curl's own tool knows them; empty: the
/// system's.
std::string ca_file_from_environment();

/// Where the proxies are that the environment names, resolved. Blocks for as long as that takes; not for curl's thread.
std::vector<sockaddr_storage> proxy_endpoints_from_environment();

/// Host and port of a proxy as curl understands it; an empty host when there is none. "http://" and 1080 are curl's
/// defaults. Pure.
struct ProxyPlace {
  std::string host;
  std::string port;
};
ProxyPlace parse_proxy(const std::string& text);

}  // namespace dbr::http
