// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "dbr/base/units.hpp"
#include "dbr/http/url.hpp"
#include "text.hpp"

namespace dbr::http {
namespace {

constexpr std::size_t k_max_error_body = std::size_t{64} * 1024;
/// Sites send a few KiB; curl 7.88 itself sets no limit on the number of lines.
constexpr std::size_t k_max_head = std::size_t{256} * 1024;

std::string_view trim(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n";
  const auto begin = text.find_first_not_of(k_space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(k_space) - begin + 1);
}

long to_milliseconds(std::chrono::milliseconds duration) {
  return static_cast<long>(std::max<std::int64_t>(duration.count(), 1));
}

}  // namespace

void Transfer::set_up(CURL* easy) {
  m_easy = easy;
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set(CURLOPT_URL, m_hop.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_USERAGENT, m_line.user_agent.c_str());
  set(CURLOPT_SHARE, m_line.share.get());
  if (!m_line.ca_file.empty()) set(CURLOPT_CAINFO, m_line.ca_file.c_str());
  if (limit() != nullptr) set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  m_gate.set_up(easy);
  set(CURLOPT_NOSIGNAL, 1L);
  // An abort must not wait for a name server that does not answer.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(m_curl_message));
  set(CURLOPT_BUFFERSIZE, static_cast<long>(m_line.piece));
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (m_request.is_head_only) set(CURLOPT_NOBODY, 1L);
  if (m_request.compressed) set(CURLOPT_ACCEPT_ENCODING, "");
  // Said, because a server that is not told may pack what it likes.
  if (!m_request.compressed && !m_request.as_stored) add_header("Accept-Encoding: identity");
  if (m_request.as_stored) {
    // Not CURLOPT_ACCEPT_ENCODING, with which curl would unpack.
    add_header("Accept-Encoding: gzip");
  }
  // Unlike CURLOPT_RESUME_FROM it only sends the header: what 200, 206 and 416 mean is ours to say.
  if (m_request.first_byte > 0) set(CURLOPT_RANGE, fmt::format("{}-", m_request.first_byte).c_str());
  if (m_request.first_byte > 0 && !m_request.if_range.empty()) add_header("If-Range: " + m_request.if_range);
  if (m_headers) set(CURLOPT_HTTPHEADER, m_headers.get());
  if (m_hop.credentials && !m_hop.credentials->bearer_token.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    set(CURLOPT_XOAUTH2_BEARER, m_hop.credentials->bearer_token.c_str());
  } else if (m_hop.credentials) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, m_hop.credentials->login.c_str());
    set(CURLOPT_PASSWORD, m_hop.credentials->api_key.c_str());
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, to_milliseconds(m_request.connect_timeout));
  if (m_hop.time_left.count() > 0) set(CURLOPT_TIMEOUT_MS, to_milliseconds(m_hop.time_left));
  // Stalls are counted here, from the moment the connection stands: CURLOPT_LOW_SPEED_TIME notices them some five
  // seconds late, because it looks at an average speed.
  set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  set(CURLOPT_PREREQDATA, static_cast<void*>(this));
}

void Transfer::add_header(const std::string& line) {
  // The list is curl's to change: it takes a copy of the line and gives back the head of the list.
  curl_slist* longer = curl_slist_append(m_headers.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)m_headers.release();
  m_headers.reset(longer);
}

int Transfer::on_connected(void* self, char* ip, char*, int, int) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.m_quiet_since = Clock::now();
  transfer.m_start = *transfer.m_quiet_since;
  const bool is_again = std::exchange(transfer.m_is_sent, true) && transfer.m_request.is_sent_once;
  // Sockets are looked at when they are opened; this is for a connection that stood already.
  if (!is_again && transfer.m_gate.lets_through(ip)) return CURL_PREREQFUNC_OK;
  try {
    transfer.m_error = is_again ? transfer.unanswered() : transfer.out_of_reach(ip);
  } catch (...) {
    transfer.m_exception = std::current_exception();
  }
  return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::on_header(char* bytes, std::size_t unit, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (RateLimit* limit = transfer.limit()) limit->charge(unit * count);
    const bool goes_on = transfer.read_header({bytes, unit * count});
    transfer.m_quiet_since = Clock::now();
    return goes_on ? unit * count : CURL_WRITEFUNC_ERROR;
  } catch (...) {
    transfer.m_exception = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

std::size_t Transfer::on_body(char* bytes, std::size_t unit, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (transfer.must_wait(unit * count)) return CURL_WRITEFUNC_PAUSE;
    const bool goes_on = transfer.read_body({bytes, unit * count});
    transfer.m_quiet_since = Clock::now();
    return goes_on ? unit * count : CURL_WRITEFUNC_ERROR;
  } catch (...) {
    transfer.m_exception = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

bool Transfer::read_header(std::string_view line) {
  if (m_has_head) return true;  // trailers
  m_head_size += line.size();
  if (m_head_size > k_max_head) {
    return abandon(
        {ErrorKind::corrupt, fmt::format("cannot fetch {}: its headers do not end", describe_url(m_hop.url))});
  }
  if (line.starts_with("HTTP/")) {
    m_response.head.headers.clear();
    return true;
  }
  line = trim(line);
  if (line.empty()) return end_head();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  m_response.head.headers.insert_or_assign(to_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  return true;
}

bool Transfer::end_head() {
  Head& head = m_response.head;
  curl_easy_getinfo(m_easy, CURLINFO_RESPONSE_CODE, &head.status);
  if (head.status < 200) return true;  // an interim response: the real one follows
  m_has_head = true;
  const bool is_unpacked = m_request.compressed && !head.header("content-encoding").empty();
  const std::string_view length = head.header("content-length");
  ByteCount value = 0;
  // Chunks override a length, says RFC 9112, and so does curl.
  if (!is_unpacked && head.header("transfer-encoding").empty() &&
      std::from_chars(length.data(), length.data() + length.size(), value).ec == std::errc{}) {
    head.content_length = value;
  }
  if (!is_2xx()) return true;
  // The sink sees it whatever is said here: it may know more of what it expects than how long it may be.
  m_handover.put_head(head);
  if (head.content_length.value_or(0) > m_request.max_body - skipped()) {
    return abandon({ErrorKind::corrupt,
                    fmt::format("cannot fetch {}: it is {} long, the limit is {}", describe_url(m_hop.url),
                                format_bytes(skipped() + *head.content_length), format_bytes(m_request.max_body))});
  }
  return true;
}

bool Transfer::read_body(std::string_view bytes) {
  m_response.body_size += static_cast<ByteCount>(bytes.size());
  if (!is_2xx()) {
    std::string& kept = m_response.error_body;
    kept.append(bytes.substr(0, k_max_error_body - kept.size()));
    return kept.size() < k_max_error_body;
  }
  if (m_handover.is_refused()) return abandon(interrupted());
  m_handover.put(bytes);
  if (m_response.body_size > m_request.max_body - skipped()) {
    return abandon({ErrorKind::corrupt, fmt::format("cannot fetch {}: it is longer than the limit of {}",
                                                    describe_url(m_hop.url), format_bytes(m_request.max_body))});
  }
  return true;
}

void Transfer::cancel(Error error) {
  m_error = std::move(error);
  m_is_broken_off = true;
}

bool Transfer::is_enough() const {
  return m_is_broken_off && m_has_head && is_2xx() && m_sink.is_satisfied();
}

/// CURLOPT_MAX_RECV_SPEED_LARGE would let a megabyte that has arrived already pass unlimited, and knows nothing of
/// other transfers. Here bytes are paid for before they are taken; curl offers them again after the pause, in pieces
/// that need not be the same.
bool Transfer::must_wait(std::size_t size) {
  if (m_handover.is_full()) {
    m_is_held = true;
    m_paused_since = Clock::now();
    return true;
  }
  RateLimit* limit = this->limit();
  if (limit == nullptr) return false;
  if (std::exchange(m_has_turn, false)) {
    limit->charge(size);
    return false;
  }
  const auto now = Clock::now();
  if (limit->take(this, size, now)) return false;
  m_paused_since = now;
  return true;
}

CURLcode Transfer::resume() {
  m_has_turn = true;
  return unpause();
}

CURLcode Transfer::go_on() {
  m_is_held = false;
  return unpause();
}

CURLcode Transfer::unpause() {
  const auto now = Clock::now();
  m_start += now - std::exchange(m_paused_since, std::nullopt).value_or(now);
  m_quiet_since = now;
  return curl_easy_pause(m_easy, CURLPAUSE_CONT);
}

void Transfer::settle_accounts() {
  if (!m_line.limit) return;
  m_line.limit->leave(this);
  if (!m_request.is_rate_limited) {
    // Nobody waited for these bytes, but they came over the same line.
    curl_off_t size = 0;
    curl_easy_getinfo(m_easy, CURLINFO_SIZE_DOWNLOAD_T, &size);
    m_line.limit->charge(static_cast<std::size_t>(std::max<curl_off_t>(size, 0)));
  } else if (m_has_head && (m_error || m_exception)) {
    // Broken off: the connection's buffer may be full of what nobody reads any more.
    const auto left =
        m_response.head.content_length.value_or(std::numeric_limits<ByteCount>::max()) - m_response.body_size;
    m_line.limit->charge(static_cast<std::size_t>(std::clamp<ByteCount>(left, 0, 2 * m_line.receive_buffer)));
  }
}

bool Transfer::abandon(Error error) {
  m_error = std::move(error);
  return false;
}

Error Transfer::unanswered() const {
  return Error{ErrorKind::network,
               fmt::format("cannot fetch {}: the connection was closed before an answer", describe_url(m_hop.url))};
}

Error Transfer::interrupted() const {
  return Error{ErrorKind::cancelled, fmt::format("cannot fetch {}: interrupted", describe_url(m_hop.url))};
}

std::optional<Error> Transfer::reason_to_end(Clock::time_point now) {
  if (m_stop.is_aborting() || m_handover.is_refused()) return interrupted();
  if (m_paused_since || !m_quiet_since) return std::nullopt;
  if (is_trickling(now)) {
    return Error{ErrorKind::network,
                 fmt::format("cannot fetch {}: no more than {} in {}", describe_url(m_hop.url),
                             format_bytes(m_response.body_size),
                             format_duration(std::chrono::ceil<std::chrono::milliseconds>(now - m_start)))};
  }
  if (now - *m_quiet_since < m_request.stall_timeout) return std::nullopt;
  return Error{ErrorKind::network, fmt::format("cannot fetch {}: nothing received for {}", describe_url(m_hop.url),
                                               format_duration(m_request.stall_timeout))};
}

bool Transfer::is_trickling(Clock::time_point now) const {
  if (!m_request.slowest) return false;
  const std::chrono::duration<double> taken = now - m_start;
  const std::chrono::duration<double> granted(static_cast<double>(m_response.body_size) /
                                              static_cast<double>(m_request.slowest->bytes_per_second));
  return taken > m_request.slowest->head_start + granted;
}

Error Transfer::out_of_reach(std::string_view address) const {
  return Error{ErrorKind::corrupt, fmt::format("cannot fetch {}: its host resolves to {}, a private address",
                                               describe_url(m_hop.url), address)};
}

void Transfer::finish(CURLcode code) {
  if (m_error || m_exception) return;
  if (const std::string refused = m_gate.refused(); code == CURLE_COULDNT_CONNECT && !refused.empty()) {
    m_error = out_of_reach(refused);
    return;
  }
  if (m_has_head && !is_2xx()) return;  // the status is the answer, whatever became of the body
  if (code != CURLE_OK) {
    cancel(error_for_curl(code, m_hop.url, m_curl_message));
    return;
  }
  const auto expected = m_response.head.content_length;
  const bool has_body = !m_request.is_head_only && m_response.head.status != 204 && m_response.head.status != 205;
  if (!m_has_head || (expected && has_body && *expected != m_response.body_size)) {
    cancel(error_for_curl(CURLE_PARTIAL_FILE, m_hop.url, {}));
  }
}

Result<Response> Transfer::take_result() {
  DBR_CHECK(m_handover.verdict());
  if (m_exception) std::rethrow_exception(m_exception);
  if (m_error && !is_enough()) return dbr::fail(std::move(*m_error));
  return std::move(m_response);
}

}  // namespace dbr::http
