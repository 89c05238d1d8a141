// SPDX-License-Identifier: MIT
// What all transfers of a client have in common, and the gate that every socket of theirs passes.
#pragma once

#include <curl/curl.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dbr/http/client.hpp"
#include "rate_limit.hpp"

namespace dbr::http {

struct FreeShare {
  void operator()(CURLSH* share) const { curl_share_cleanup(share); }
};

class Line {
 public:
  explicit Line(const ClientSettings& settings);

  const std::string user_agent;
  const std::string ca_file;  ///< empty: the system's
  std::optional<RateLimit> limit;
  ByteCount piece;         ///< read at once
  int receive_buffer = 0;  ///< for SO_RCVBUF; 0: the system's
  /// TLS sessions, which curl keeps by handle otherwise. The loop's thread only, so it needs no locks.
  std::unique_ptr<CURLSH, FreeShare> share;

  /// Resolves the proxies' names once. On the caller's thread, not the loop's.
  void find_proxies();
  const std::vector<sockaddr_storage>& proxies() const { return m_proxies; }

 private:
  std::once_flag m_have_proxies;
  std::vector<sockaddr_storage> m_proxies;
};

/// One transfer's: asked for each address that curl would connect to, after names were resolved, and for the connection
/// it uses in the end, which may be an older one.
class Gate {
 public:
  Gate(const Line& line, Reach reach) : m_line(line), m_reach(reach) {}

  void set_up(CURL* easy);
  bool lets_through(const sockaddr& address, bool any_port = false) const;
  /// `ip` as text.
  bool lets_through(const char* ip);
  /// The address that was refused, when no other was tried; empty otherwise.
  std::string refused() const { return m_has_opened ? std::string() : m_refused; }

 private:
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;

  const Line& m_line;
  const Reach m_reach;
  bool m_has_opened = false;
  std::string m_refused;
};

}  // namespace dbr::http
