// SPDX-License-Identifier: MIT
#include "dbr/http/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "text.hpp"

namespace dbr::http {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, FreeUrl>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view cause) {
  return fail(ErrorKind::usage, fmt::format("cannot use the URL {}: {}", describe_url(text), cause));
}

// Up to and with the slash that begins the path; empty when the URL is not of the plain kind: lower case, and a path
// in which there is nothing to decode or to resolve.
std::string_view plain_prefix(std::string_view text) {
  constexpr std::string_view k_authority = "abcdefghijklmnopqrstuvwxyz0123456789.-:";
  const std::size_t authority = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::size_t slash = authority == 0 ? std::string_view::npos : text.find('/', authority);
  if (slash == std::string_view::npos || text.find_first_not_of(k_authority, authority) != slash) return {};
  for (std::size_t i = slash + 1; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         c == '-' || c == '/' || (c == '.' && text[i - 1] != '/');
    if (!is_word) return {};
  }
  return text.substr(0, slash + 1);
}

// What curl said of the last plain URL: the next one's differs in its path only, millions of times.
struct KnownUrl {
  std::string prefix;
  Url url;
};
thread_local KnownUrl t_known;

bool is_known(std::string_view prefix) {
  return !prefix.empty() && prefix == t_known.prefix;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  const std::string_view prefix = plain_prefix(text);
  if (is_known(prefix)) {
    Url url = t_known.url;
    url.path = text.substr(prefix.size() - 1);
    return url;
  }
  // curl reads C strings: what follows a NUL would be seen by those who check the URL but not fetched.
  if (text.find('\0') != std::string_view::npos) return refuse(text.substr(0, text.find('\0')), "it contains a NUL");
  const UrlHandle handle(curl_url());
  if (!handle) return fail(ErrorKind::internal, "cannot parse a URL: out of memory");
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_DISALLOW_USER);
  if (code == CURLUE_USER_NOT_ALLOWED) return refuse(text, "it contains user information");
  if (code != CURLUE_OK) return refuse(text, curl_url_strerror(code));

  Url url;
  url.scheme = to_lower(part(handle.get(), CURLUPART_SCHEME));
  if (url.scheme != "http" && url.scheme != "https") return refuse(text, "only http and https are supported");
  url.host = to_lower(part(handle.get(), CURLUPART_HOST));
  if (url.host.size() > 2 && url.host.front() == '[') url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.empty()) return refuse(text, "it has no host");
  const std::string port = part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (url.port <= 0 || url.port > 65535) return refuse(text, "its port is out of range");
  url.path = part(handle.get(), CURLUPART_PATH);
  if (!prefix.empty()) t_known = {std::string(prefix), url};
  return url;
}

Result<std::string> resolve_url(std::string_view base, std::string_view reference) {
  DBR_CHECK(parse_url(base));
  if (is_known(plain_prefix(reference))) return std::string(reference);
  if (reference.find('\0') != std::string_view::npos) return refuse(base, "a reference in it contains a NUL");
  const UrlHandle handle(curl_url());
  if (!handle) return fail(ErrorKind::internal, "cannot parse a URL: out of memory");
  CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, std::string(base).c_str(), 0);
  // Servers put raw spaces and UTF-8 into Location; browsers and curl encode them.
  if (code == CURLUE_OK && !reference.empty()) {
    code = curl_url_set(handle.get(), CURLUPART_URL, std::string(reference).c_str(), CURLU_URLENCODE);
  }
  if (code != CURLUE_OK) return refuse(reference, curl_url_strerror(code));
  std::string resolved = part(handle.get(), CURLUPART_URL);
  DBR_CHECK(parse_url(resolved));
  return resolved;
}

bool has_parent_steps(std::string_view reference) {
  std::string path = to_lower(reference.substr(0, reference.find_first_of("?#")));
  const auto replace = [&path](std::string_view from, char to) {
    for (std::size_t at = 0; (at = path.find(from, at)) != std::string::npos; ++at)
      path.replace(at, from.size(), 1, to);
  };
  replace("%25", '%');  // encoded twice: some servers decode as often
  replace("%2e", '.');
  replace("%2f", '/');
  replace("%5c", '/');
  replace("\\", '/');
  return ('/' + path + '/').find("/../") != std::string::npos;
}

std::string describe_url(std::string_view text) {
  std::string_view scheme;
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    scheme = text.substr(0, end);
    text.remove_prefix(end + 3);
  }
  // Before the query is cut off, because a malformed URL may have its ? inside the user information.
  const auto authority_end = scheme.empty() ? std::string_view::npos : text.find('/');
  if (const auto at = text.rfind('@', authority_end); at != std::string_view::npos) text.remove_prefix(at + 1);
  text = text.substr(0, text.find_first_of("?#"));
  if (scheme.empty() || scheme == "http" || scheme == "https") return std::string(text);
  return fmt::format("{}://{}", scheme, text);
}

}  // namespace dbr::http
