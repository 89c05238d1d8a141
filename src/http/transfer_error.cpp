// SPDX-License-Identifier: MIT
// What curl's failures mean to us.
#include <fmt/format.h>

#include "dbr/http/url.hpp"
#include "transfer.hpp"

namespace dbr::http {
namespace {

ErrorKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return ErrorKind::usage;
    case CURLE_FAILED_INIT:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
      return ErrorKind::internal;
    default:  // CURLE_UNSUPPORTED_PROTOCOL too: schemes are checked before, so it is an answer that is not HTTP
      return ErrorKind::network;
  }
}

std::string hint_for(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the name and the network connection";
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return "the proxy comes from http_proxy, https_proxy and all_proxy in the environment";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "check the clock and the installed CA certificates; certificates are always verified";
    default:
      return {};
  }
}

}  // namespace

Error error_for_curl(CURLcode code, std::string_view url, std::string_view detail) {
  return Error{
      kind_of(code),
      fmt::format("cannot fetch {}: {}", describe_url(url), detail.empty() ? curl_easy_strerror(code) : detail),
      hint_for(code)};
}

}  // namespace dbr::http
