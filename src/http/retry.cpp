// SPDX-License-Identifier: MIT
#include "dbr/http/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "dbr/http/url.hpp"
#include "text.hpp"

namespace dbr::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds k_longest_retry_after = std::chrono::hours{1};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Error make_error(ErrorKind kind, const Response& response, std::string hint = {}) {
  return Error{kind,
               fmt::format("cannot fetch {}: HTTP status {}", describe_url(response.head.url), response.head.status),
               std::move(hint)};
}

}  // namespace

milliseconds RetryPolicy::delay_before(int next_try, double random) const {
  const int doublings = std::clamp(next_try - 2, 0, 30);
  const auto most = std::min(max_delay, milliseconds{first_delay.count() * (std::int64_t{1} << doublings)});
  return milliseconds{static_cast<std::int64_t>(static_cast<double>(most.count()) * std::clamp(random, 0.0, 1.0))};
}

Error error_for_response(const Response& response, bool is_part) {
  const long status = response.head.status;
  if (is_challenge(response)) {
    Error error = make_error(ErrorKind::remote_rejected, response,
                             "the site blocks this kind of client or this address; no waiting helps");
    error.message += ", a browser challenge";
    return error;
  }
  switch (status) {
    case 401:
      return make_error(ErrorKind::remote_rejected, response, "check the login and the API key");
    case 403:
      return make_error(ErrorKind::remote_rejected, response,
                        "the API key may not cover this request, or this address is banned");
    case 404:
    case 410:
      return make_error(ErrorKind::not_found, response);
    case 429:
      return make_error(ErrorKind::throttled, response, "the site asks us to slow down: lower --tps");
    case 503:
      return make_error(ErrorKind::throttled, response, "the site is overloaded or in maintenance: try again later");
    case 408:  // the server lost patience with the connection, not with us
      return make_error(ErrorKind::network, response);
    case 416:  // the file is shorter than we thought: all of it can be had
      return make_error(is_part ? ErrorKind::network : ErrorKind::remote_rejected, response);
    default:
      return make_error(status >= 500 && status <= 599 ? ErrorKind::network : ErrorKind::remote_rejected, response);
  }
}

bool is_challenge(const Response& response) {
  if (to_lower(response.head.header("cf-mitigated")) == "challenge") return true;
  if (response.head.status != 403 && response.head.status != 503) return false;
  if (to_lower(response.head.header("content-type")).find("text/html") == std::string::npos) return false;
  constexpr std::array<std::string_view, 6> k_marks = {
      "just a moment", "checking your browser", "cf-browser-verification", "challenge-platform", "cf_chl_", "jschl"};
  const std::string page = to_lower(response.error_body);
  return std::any_of(k_marks.begin(), k_marks.end(),
                     [&page](std::string_view mark) { return page.find(mark) != std::string::npos; });
}

std::optional<seconds> retry_after(const Head& head, Timestamp now) {
  const std::string_view text = head.header("retry-after");
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), is_digit)) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
    if (parsed.ec != std::errc{}) return k_longest_retry_after;  // more digits than a year of seconds has
    return std::min(seconds{count}, k_longest_retry_after);
  }
  const auto date = head.date("retry-after");
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<seconds>(*date - now);
  return std::clamp(wait, seconds{0}, k_longest_retry_after);
}

}  // namespace dbr::http
