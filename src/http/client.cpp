// SPDX-License-Identifier: MIT
#include "dbr/http/client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>

#include "dbr/http/url.hpp"
#include "hop.hpp"
#include "loop.hpp"
#include "transfer.hpp"

namespace dbr::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_max_redirects = 5;

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}

}  // namespace

std::string_view Head::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<Timestamp> Head::date(std::string_view name) const {
  const std::string_view text = header(name);
  // Dates begin with a weekday; curl's parser would also take "-5" or "1.5" for parts of a date.
  const bool is_letter = !text.empty() && (text.front() | 0x20) >= 'a' && (text.front() | 0x20) <= 'z';
  const std::time_t date = is_letter ? curl_getdate(std::string(text).c_str(), nullptr) : -1;
  if (date < 0) return std::nullopt;
  return std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::from_time_t(date));
}

Result<void> StringSink::begin(const Head&) {
  return {};
}

Result<void> StringSink::data(std::string_view bytes) {
  body += bytes;
  return {};
}

Client::Client(const ClientSettings& settings) : m_loop(std::make_unique<Loop>(settings)) {}

Client::~Client() = default;

Result<Response> Client::perform(const Request& request, Sink& sink, const StopToken& stop) {
  Loop& loop = *m_loop;
  const Loop::Visit visit(loop);
  DBR_CHECK(parse_url(request.url));
  if (std::ranges::any_of(request.if_range, is_control)) {
    return fail(ErrorKind::usage, fmt::format("cannot fetch {}: bad If-Range", describe_url(request.url)));
  }
  const auto reach = reach_of(request, request.url);
  if (!reach) {
    return fail(ErrorKind::corrupt,
                fmt::format("cannot fetch {}: {}", describe_url(request.url), reach.error().message));
  }

  const auto deadline = Clock::now() + request.total_timeout;
  const bool has_deadline = request.total_timeout.count() > 0;
  Hop hop{request.url, request.credentials, *reach};
  for (int redirects = 0;; ++redirects) {
    if (has_deadline) {
      hop.time_left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (hop.time_left.count() <= 0) return fail(error_for_curl(CURLE_OPERATION_TIMEDOUT, hop.url, {}));
    }
    if (hop.reach == Reach::public_only) loop.find_proxies();
    Transfer transfer(request, hop, loop.line(), sink, stop);
    loop.run(transfer);
    DBR_TRY(Response response, transfer.take_result());
    const std::string_view location = response.head.header("location");
    if (!is_redirect(response.head.status) || location.empty()) return response;
    if (redirects == k_max_redirects) {
      return fail(ErrorKind::network, fmt::format("cannot fetch {}: too many redirects", describe_url(request.url)));
    }
    DBR_TRY(hop, next_hop(request, hop, location));
    if (request.before_hop) DBR_CHECK(request.before_hop(hop.url));
  }
}

std::string library_version() {
  return curl_version_info(CURLVERSION_NOW)->version;
}

}  // namespace dbr::http
