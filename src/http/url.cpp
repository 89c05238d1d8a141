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

Result<Url> parse(std::string_view text) {
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
  return url;
}

Result<std::string> resolve(std::string_view base, std::string_view reference) {
  DBR_CHECK(parse_url(base));
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

}  // namespace

// A file's URL passes many hands, each of which looks at it: what a thread asked last is answered without curl.
Result<Url> parse_url(std::string_view text) {
  thread_local std::string last_text;
  thread_local Url last;
  if (!last_text.empty() && text == last_text) return last;
  DBR_TRY(last, parse(text));
  last_text = text;
  return last;
}

Result<std::string> resolve_url(std::string_view base, std::string_view reference) {
  thread_local std::string last_base;
  thread_local std::string last_reference;
  thread_local std::string last;
  if (!last.empty() && base == last_base && reference == last_reference) return last;
  DBR_TRY(last, resolve(base, reference));
  last_base = base;
  last_reference = reference;
  return last;
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
