// SPDX-License-Identifier: MIT
// One request and its response, without redirects: what curl is told, and what it tells back. Lives on the stack of the
// thread that waits for it; everything but the constructor, serve() and take_result() runs on the loop's thread.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/http/client.hpp"
#include "handover.hpp"
#include "hop.hpp"
#include "line.hpp"

namespace dbr::http {

struct FreeHeaders {
  void operator()(curl_slist* headers) const { curl_slist_free_all(headers); }
};

class Transfer {
 public:
  using Clock = std::chrono::steady_clock;

  Transfer(const Request& request, const Hop& hop, Line& line, Sink& sink, const StopToken& stop)
      : m_request(request), m_hop(hop), m_line(line), m_sink(sink), m_stop(stop), m_gate(line, hop.reach) {
    m_response.head.url = hop.url;
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Sets every option of a fresh or reset handle.
  void set_up(CURL* easy);
  /// curl is done with it.
  void finish(CURLcode code);
  /// Ends it from outside.
  void cancel(Error error);
  Error interrupted() const;
  Error unanswered() const;
  Error out_of_reach(std::string_view address) const;
  /// Why it must not go on: aborted, refused by its sink, stalled or trickling. Asked regularly, after curl has handed
  /// over what had arrived.
  std::optional<Error> reason_to_end(Clock::time_point now);

  /// It is its turn (RateLimit::next). Calls back at once; the transfer is over when this fails.
  CURLcode resume();
  /// The sink has caught up with what made the transfer wait: the same.
  bool may_go_on() { return m_is_held && !m_handover.is_full(); }
  CURLcode go_on();
  /// Before curl forgets it: what it leaves behind with the rate limit.
  void settle_accounts();

  /// Lets the sink know what has come.
  void tell() { m_handover.tell(); }
  /// The loop is done with it; it may be gone as soon as this returns.
  void complete() { m_handover.finish(); }

  /// The waiter's thread: feeds the sink until the loop is done.
  void serve(const std::function<void()>& wake_loop) { m_handover.serve(m_sink, wake_loop); }
  /// Throws what the sink threw.
  Result<Response> take_result();

 private:
  static int on_connected(void* self, char* ip, char*, int, int) noexcept;
  static std::size_t on_header(char* bytes, std::size_t unit, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* self) noexcept;
  bool read_header(std::string_view line);
  bool end_head();
  bool read_body(std::string_view bytes);
  bool must_wait(std::size_t size);
  CURLcode unpause();
  bool is_trickling(Clock::time_point now) const;
  /// The client's, when this transfer waits for it.
  RateLimit* limit() const { return m_request.is_rate_limited && m_line.limit ? &*m_line.limit : nullptr; }
  void add_header(const std::string& line);
  /// Bytes of the file before those that come.
  ByteCount skipped() const { return m_response.head.status == 206 ? m_request.first_byte : 0; }
  bool abandon(Error error);
  /// What came is all there is, says the sink, however the transfer ended. The waiter's thread.
  bool is_enough() const;
  bool is_2xx() const { return m_response.head.status >= 200 && m_response.head.status <= 299; }

  const Request& m_request;
  const Hop& m_hop;
  Line& m_line;
  Sink& m_sink;
  const StopToken& m_stop;
  Gate m_gate;
  Handover m_handover;
  CURL* m_easy = nullptr;
  std::unique_ptr<curl_slist, FreeHeaders> m_headers;
  char m_curl_message[CURL_ERROR_SIZE] = {};
  Response m_response;
  std::size_t m_head_size = 0;
  bool m_has_head = false;
  /// Since when the server owes us something; unset until the request can be sent.
  std::optional<Clock::time_point> m_quiet_since;
  /// When it connected, later by as long as it was paused.
  Clock::time_point m_start{};
  bool m_is_sent = false;
  /// Since when it waits for the rate limit or its sink.
  std::optional<Clock::time_point> m_paused_since;
  bool m_has_turn = false;
  bool m_is_held = false;  ///< for its sink
  std::optional<Error> m_error;
  bool m_is_broken_off = false;  ///< that is the error: what had come may be enough
  std::exception_ptr m_exception;
};

/// Why curl gave up, as an Error about `url`. `detail` is curl's own message, or empty.
Error error_for_curl(CURLcode code, std::string_view url, std::string_view detail);

}  // namespace dbr::http
