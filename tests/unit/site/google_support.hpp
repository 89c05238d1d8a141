// SPDX-License-Identifier: MIT
// What the tests against a stand-in for Google share.
#pragma once

#include <chrono>
#include <cstdlib>
#include <string>

#include "dump_support.hpp"
#include "support/loopback_server.hpp"

namespace dbr::site {

using namespace std::chrono_literals;
using test::LoopbackServer;
using test::Peer;
using test::ReceivedRequest;

/// The tests talk to themselves, whatever proxy the machine wants for the rest of the world. Set before any thread is.
inline const bool k_bypasses_proxies = ::setenv("no_proxy", "*", 1) == 0 && ::setenv("NO_PROXY", "*", 1) == 0;

inline DumpSettings google_at(const LoopbackServer& server) {
  return {.google_storage_url = server.url(""),
          .bigquery_url = server.url(""),
          .google_token = "secret-token",
          .google_project = "my-project"};
}

inline Yield read_from(const std::string& from, const DumpSettings& settings) {
  Yield yield = read_all(open_dump(from, settings, StopSource().token()));
  for (std::string& line : yield.lines) line.erase(0, line.find('#') + 1);
  return yield;
}

inline std::string header(const ReceivedRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

}  // namespace dbr::site
