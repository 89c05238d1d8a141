// SPDX-License-Identifier: MIT
// A scripted HTTP/1.1 server on 127.0.0.1 over raw sockets, so that a test can misbehave in every way a real server or
// the network between does: short bodies, wrong lengths, resets, stalls. One thread a connection.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dbr::test {

struct ReceivedRequest {
  std::string method;
  std::string target;                          ///< path and query
  std::map<std::string, std::string> headers;  ///< lower-case names
  int connection = 0;                          ///< 1 for the first accepted, and so on
};

/// The server's side of one connection, for a handler to answer on.
class Peer {
 public:
  explicit Peer(int socket) : m_socket(socket) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// A complete response; `headers` are whole lines ("Retry-After: 1\r\n"). Content-Length is added.
  void reply(int status, std::string_view body, std::string_view headers = {});
  /// Any bytes. False when the other side is gone.
  bool send(std::string_view bytes);
  /// Closes in good order.
  void close();
  /// Closes with a TCP reset.
  void reset();
  /// Says nothing until the client closes or the server is destroyed. False when either happened before `limit`.
  bool stall(std::chrono::milliseconds limit = std::chrono::hours{1});

  bool is_open() const { return m_is_open; }

 private:
  friend class LoopbackServer;
  bool read_request(ReceivedRequest& request);
  int m_socket;
  bool m_is_open = true;
  std::string m_buffer;
};

/// Runs on the connection's thread, so several may run at once. Unless it closes the connection, that is kept alive.
using Handler = std::function<void(const ReceivedRequest& request, Peer& peer)>;

class LoopbackServer {
 public:
  explicit LoopbackServer(Handler handler);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  int port() const { return m_port; }
  /// "http://127.0.0.1:PORT" + target.
  std::string url(std::string_view target = "/") const;
  /// The same server under another name, for what must happen when the host changes.
  std::string other_host_url(std::string_view target = "/") const;

  std::vector<ReceivedRequest> requests() const;
  int connections() const;

 private:
  void accept_all();
  void serve(Peer& peer, int number);

  Handler m_handler;
  int m_listener = -1;
  int m_port = 0;
  mutable std::mutex m_mutex;
  bool m_is_stopping = false;
  std::vector<ReceivedRequest> m_requests;
  std::list<Peer> m_peers;
  std::vector<std::thread> m_threads;
  std::thread m_acceptor;
};

}  // namespace dbr::test
