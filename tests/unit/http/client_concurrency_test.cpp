// SPDX-License-Identifier: MIT
// Many threads, one Client; stopping; destruction.
#include <atomic>
#include <thread>
#include <vector>

#include "client_fixture.hpp"

namespace dbr::http {
namespace {

using ClientConcurrencyTest = ClientTest;

TEST_F(ClientConcurrencyTest, ServesEightThreads) {
  LoopbackServer server(
      [](const ReceivedRequest& request, Peer& peer) { peer.reply(200, request.target + std::string(20'000, 'x')); });
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
        StringSink own;
        const auto response = client.perform({.url = server.url(target)}, own, stop.token());
        if (response && own.body.starts_with(target + "x")) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
  EXPECT_LE(server.connections(), 8);
}

TEST_F(ClientConcurrencyTest, LimitsConnectionsWithoutFailingWhoWaits) {
  Client narrow{{.user_agent = "dbr-test/1.0", .connections_per_host = 1}};
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.stall(60ms);
    peer.reply(200, "x");
  });
  std::vector<std::future<bool>> answers;
  for (int i = 0; i < 4; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      StringSink own;
      // Waiting for the connection is not connecting: it takes longer than this.
      const Request request{.url = server.url(), .connect_timeout = 50ms};
      return narrow.perform(request, own, stop.token()).has_value();
    }));
  }
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientConcurrencyTest, DrainLetsATransferFinish) {
  LoopbackServer server([this](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    stop.request_stop(StopLevel::drain);
    peer.stall(80ms);
    peer.send("lo");
  });
  EXPECT_TRUE(fetch(server.url()));
  EXPECT_EQ(sink.body, "hello");
}

TEST_F(ClientConcurrencyTest, AbortEndsATransferAtOnce) {
  std::chrono::steady_clock::time_point aborted;
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    aborted = std::chrono::steady_clock::now();
    stop.request_stop(StopLevel::abort);
    peer.stall();
  });
  const auto response = fetch(server.url());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::cancelled);
  EXPECT_LT(seconds_since(aborted), 1);
  EXPECT_EQ(kind_of(fetch(server.url())), ErrorKind::cancelled);
}

TEST_F(ClientConcurrencyTest, AbortLeavesOthersAlone) {
  LoopbackServer server([&](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/stuck") {
      stop.request_stop(StopLevel::abort);
      peer.stall();
    } else {
      peer.stall(150ms);
      peer.reply(200, "x");
    }
  });
  StopSource other_stop;
  auto other = std::async(std::launch::async, [&] {
    StringSink own;
    return client.perform({.url = server.url("/other")}, own, other_stop.token());
  });
  EXPECT_FALSE(fetch(server.url("/stuck")));
  EXPECT_TRUE(other.get());
}

TEST_F(ClientConcurrencyTest, DestructorEndsTransfersUnderWay) {
  std::promise<void> arrived;
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    arrived.set_value();
    peer.stall();
  });
  auto doomed = std::make_unique<Client>(ClientSettings{.user_agent = "dbr-test/1.0"});
  Client& borrowed = *doomed;
  auto answer = std::async(std::launch::async, [&] {
    StringSink own;
    return borrowed.perform({.url = server.url()}, own, stop.token());
  });
  arrived.get_future().wait();
  const auto start = std::chrono::steady_clock::now();
  doomed.reset();
  EXPECT_EQ(kind_of(answer.get()), ErrorKind::cancelled);
  EXPECT_LT(seconds_since(start), 1);
}

}  // namespace
}  // namespace dbr::http
