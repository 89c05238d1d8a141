// SPDX-License-Identifier: MIT
#include "environment.hpp"

#include <curl/curl.h>
#include <netdb.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace dbr::http {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

std::string ca_file_from_environment() {
  const std::string file = variable("SSL_CERT_FILE");
  return file.empty() ? variable("CURL_CA_BUNDLE") : file;
}

ProxyPlace parse_proxy(const std::string& text) {
  if (text.empty()) return {};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  const unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  const std::string full = text.find("://") == std::string::npos ? "http://" + text : text;
  if (!url || curl_url_set(url.get(), CURLUPART_URL, full.c_str(), flags) != CURLUE_OK) return {};
  ProxyPlace place{part(url.get(), CURLUPART_HOST), part(url.get(), CURLUPART_PORT)};
  if (place.host.size() > 2 && place.host.front() == '[') place.host = place.host.substr(1, place.host.size() - 2);
  if (place.port.empty()) place.port = part(url.get(), CURLUPART_SCHEME) == "https" ? "443" : "1080";
  return place;
}

std::vector<sockaddr_storage> proxy_endpoints_from_environment() {
  std::vector<sockaddr_storage> endpoints;
  // http_proxy in upper case could be set by a header of a CGI request: curl does not read it.
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const ProxyPlace place = parse_proxy(variable(name));
    if (place.host.empty()) continue;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) continue;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
    for (const addrinfo* at = list.get(); at != nullptr; at = at->ai_next) {
      std::memcpy(&endpoints.emplace_back(), at->ai_addr,
                  std::min<std::size_t>(at->ai_addrlen, sizeof(sockaddr_storage)));
    }
  }
  return endpoints;
}

}  // namespace dbr::http
