// SPDX-License-Identifier: MIT
// httplib's server with connections of our own: it hides the socket, and an honest reset needs it. A thread for each
// connection, so that idle keep-alive ones never make another wait.
#pragma once

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace dbr::sim {

/// What the handler of a request can do to its connection; valid in the thread that serves it.
class Connection {
 public:
  static Connection& current();

  std::int64_t number = 0;
  int socket = -1;
  /// Sends a TCP reset at once; whatever is written afterwards fails.
  void reset() const;
  /// Past httplib: what it would not say.
  void send(std::string_view text) const;
};

class ConnectionServer : public httplib::Server {
 public:
  ConnectionServer();
  /// Also ends idle connections and waits in progress.
  void stop_all();
  /// Sleeps, unless the server stops: then false.
  bool wait(std::chrono::milliseconds duration);

 private:
  bool process_and_close_socket(int socket) override;

  std::atomic<std::int64_t> m_connections{0};
  std::atomic<bool> m_stopping{false};
  std::mutex m_mutex;
  std::condition_variable m_stopped;
  int m_stop_pipe[2] = {-1, -1};
};

}  // namespace dbr::sim
