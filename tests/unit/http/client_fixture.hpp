// SPDX-License-Identifier: MIT
// What the tests of Client share: a client, a way to fetch into memory, a sink that misbehaves.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <optional>
#include <string>

#include "dbr/http/client.hpp"
#include "support/loopback_server.hpp"

namespace dbr::http {

using namespace std::chrono_literals;
using test::LoopbackServer;
using test::Peer;
using test::ReceivedRequest;

/// The tests talk to themselves, whatever proxy the machine wants for the rest of the world. Set before any thread is.
inline const bool k_bypasses_proxies = ::setenv("no_proxy", "*", 1) == 0 && ::setenv("NO_PROXY", "*", 1) == 0;

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// None when it succeeded.
inline std::optional<ErrorKind> kind_of(const Result<Response>& result) {
  return result ? std::nullopt : std::optional{result.error().kind};
}

/// Does what it is told when the head or the body arrives.
class ScriptedSink : public StringSink {
 public:
  Result<void> begin(const Head& head) override {
    if (on_begin) return on_begin(head);
    return {};
  }
  Result<void> data(std::string_view bytes) override {
    if (on_data) return on_data(bytes);
    return StringSink::data(bytes);
  }
  std::function<Result<void>(const Head&)> on_begin;
  std::function<Result<void>(std::string_view)> on_data;
};

class ClientTest : public ::testing::Test {
 protected:
  Result<Response> fetch(const Request& request) {
    sink.body.clear();
    return client.perform(request, sink, stop.token());
  }
  Result<Response> fetch(const std::string& url) { return fetch(Request{.url = url}); }
  static std::string header(const ReceivedRequest& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? "" : found->second;
  }

  StopSource stop;
  ScriptedSink sink;
  Client client{{.user_agent = "dbr-test/1.0 (tests)"}};
};

}  // namespace dbr::http
