// SPDX-License-Identifier: MIT
// The site on a loopback port.
#pragma once

#include <functional>
#include <memory>

#include "site.hpp"

namespace dbr::sim {

class ConnectionServer;

class Server {
 public:
  /// Throws when the port cannot be had. `gzip`: compress for those who accept it.
  Server(Site& site, int port, bool gzip);
  ~Server();

  int port() const { return m_port; }
  /// Serves until stop().
  void run();
  /// From any thread; not from a signal handler.
  void stop();

 private:
  Site& m_site;
  std::unique_ptr<ConnectionServer> m_server;
  int m_port = 0;
};

}  // namespace dbr::sim
