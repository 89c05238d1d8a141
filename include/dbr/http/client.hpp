// SPDX-License-Identifier: MIT
// HTTP transfers over one curl multi loop on its own thread. Knows nothing of boorus. Only http and https; TLS is
// verified, against the system's CA certificates and those in the file that SSL_CERT_FILE (or else CURL_CA_BUNDLE)
// names; HTTP/2 where the server offers it over TLS. Connections, TLS sessions and resolved names are kept and used
// again. Redirects are followed by hand, so that each target passes Request::reach first.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/async/stop.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"

namespace dbr::http {

/// Sent as HTTP Basic, or as a bearer token when there is one; only to the host of the URL they came with: never after
/// a redirect to another host, scheme or port, nor when a later redirect leads back.
struct Credentials {
  std::string login;
  std::string api_key;
  std::string bearer_token = {};
};

/// How far a URL may lead. `public_only`: to public addresses, whatever its host's name resolves to; what a server says
/// must not make us talk to our own network. A proxy from the environment may be anywhere, but resolves names itself:
/// then only addresses that stand in the URL can be refused.
enum class Reach { refused, public_only, any };

struct Request {
  std::string url;
  std::optional<Credentials> credentials = {};
  /// The body is cut, with an Error of kind corrupt, as soon as it is known to be longer; the sink has seen that piece.
  /// Counts the whole file: what comes before the first byte of a part (206) too.
  ByteCount max_body = ByteCount{64} << 20;
  std::chrono::milliseconds connect_timeout{15'000};
  /// Nothing received for this long, once connected, is a stall (kind network).
  std::chrono::milliseconds stall_timeout{30'000};
  /// The whole transfer; zero means no limit.
  std::chrono::milliseconds total_timeout{0};
  /// Offers the server to compress what it sends, and unpacks it: for JSON, never for files, whose bytes must be the
  /// site's. `max_body` then counts unpacked bytes, and Head::content_length is absent.
  bool compressed = false;
  /// Takes the body as it lies in store: gzip is accepted, and handed on packed. Not together with `compressed`.
  bool as_stored = false;
  /// Asks for the body from here on. A server that can answers 206 (content_range() says which part), any other 200 and
  /// sends all of it; 416 when the body does not go that far.
  ByteCount first_byte = 0;
  /// Together with `first_byte`: a strong ETag or a Last-Modified, as it came. 200 and all of it when the file is
  /// another one by now. What is no header value is kind usage.
  std::string if_range = {};
  /// Waits for its share of ClientSettings::bytes_per_second. Over HTTP/1.1 then: in one connection for all, one that
  /// waits would stop the others.
  bool is_rate_limited = false;
  /// Ends a body that trickles (kind network): it may take `head_start`, and what the bytes so far take at this pace.
  /// What we wait for ourselves does not count.
  struct Pace {
    std::chrono::milliseconds head_start;
    ByteCount bytes_per_second;
  };
  std::optional<Pace> slowest = {};
  /// Asked for the URL and for every redirect target; empty: any http or https URL, any address. For one host and port
  /// the answer is always the same, since connections are used again.
  std::function<Reach(std::string_view url)> reach = {};
  /// Asks for the head alone (HEAD): the sink sees no body.
  bool is_head_only = false;
  /// Fails (kind network) where curl would send it again by itself because a kept connection died before an answer: for
  /// who counts requests.
  bool is_sent_once = false;
  /// Asked before each redirect is followed, on the thread that called perform(): its Error is the result.
  std::function<Result<void>(std::string_view url)> before_hop = {};
};

struct Head {
  long status = 0;
  std::string url;                                          ///< after redirects
  std::map<std::string, std::string, std::less<>> headers;  ///< lower-case names, last value wins
  std::optional<ByteCount> content_length;

  std::string_view header(std::string_view name) const;        ///< empty when absent
  std::optional<Timestamp> date(std::string_view name) const;  ///< a header that is an HTTP date
};

/// Receives the body of a 2xx response as it arrives, on the thread that called perform(). It may take its time: its
/// transfer waits for it, others do not.
/// An Error returned from either ends the transfer and is what perform() returns; what either throws perform() throws.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> begin(const Head& head) = 0;
  virtual Result<void> data(std::string_view bytes) = 0;
  /// Asked when the transfer broke off: true when what came is all there is, whatever length the server stated.
  virtual bool is_satisfied() const { return false; }
};

/// Collects the body in memory.
class StringSink : public Sink {
 public:
  Result<void> begin(const Head& head) override;
  Result<void> data(std::string_view bytes) override;
  std::string body;
};

struct Response {
  Head head;
  ByteCount body_size = 0;
  /// The body of anything but 2xx, up to 64 KiB; the sink sees nothing of it. The status is the answer: a body that
  /// breaks off or goes on beyond that is no Error.
  std::string error_body;
};

struct ClientSettings {
  std::string user_agent;
  long connections_per_host = 8;
  /// For all requests together that are rate limited: in any window of W seconds at most W times as many bytes arrive,
  /// heads included, and 1 MB (above 5 MB/s: a fifth of a second's) on top. What the kernel takes in unread counts, so
  /// all connections of this client have small buffers; TLS and packet headers do not count.
  std::optional<ByteCount> bytes_per_second = {};
};

/// Thread-safe: any number of threads may call perform() at once.
class Client {
 public:
  explicit Client(const ClientSettings& settings);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// Blocks until the response is complete. Any status is a Response; an Error is a transfer that failed: kind network
  /// (connect, reset, short body, time-out, too many redirects), usage (bad URL), corrupt (too long, or
  /// sent to a URL or an address that is out of reach, or by a redirect with ".." in it), cancelled (`stop` reached
  /// abort, or the Client is being destroyed), or what the sink returned. Partial bodies (fewer bytes than
  /// Content-Length) are network errors. Proxies come from the usual environment variables. Up to 5 redirects are
  /// followed, never from https to http.
  Result<Response> perform(const Request& request, Sink& sink, const StopToken& stop);

 private:
  class Loop;
  std::unique_ptr<Loop> m_loop;
};

/// "7.88.1": libcurl's, as it runs.
std::string library_version();

}  // namespace dbr::http
