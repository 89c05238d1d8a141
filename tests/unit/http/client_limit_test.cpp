// SPDX-License-Identifier: MIT
// A client with an allowance of bytes a second.
#include <atomic>
#include <thread>
#include <vector>

#include "client_fixture.hpp"

namespace dbr::http {
namespace {

std::string long_body(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + ' ';
  text.resize(size);
  return text;
}

class ClientLimitTest : public ClientTest {
 protected:
  static ClientSettings limited(ByteCount rate) {
    return {.user_agent = "dbr-test/1.0 (tests)", .bytes_per_second = rate};
  }
  Result<Response> fetch(Client& through, Request request) {
    request.is_rate_limited = true;
    sink.body.clear();
    return through.perform(request, sink, stop.token());
  }
};

TEST_F(ClientLimitTest, ReadsNoFasterThanAllowed) {
  const std::string body = long_body(230'000);
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(200, body); });
  Client slow{limited(1'000'000)};
  const auto start = std::chrono::steady_clock::now();
  // Pauses of our own are no stalls and no trickling.
  const auto response = fetch(slow, {.url = server.url(), .stall_timeout = 30ms, .slowest = Request::Pace{30ms, 1}});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, body);
  EXPECT_GE(seconds_since(start), 0.19) << "32 KB come at once, the rest at the rate";
  EXPECT_LT(seconds_since(start), 5);
}

TEST_F(ClientLimitTest, AllTransfersShareIt) {
  const std::string body = long_body(60'000);
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(200, body); });
  Client slow{limited(1'000'000)};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      StringSink own;
      const Request request{.url = server.url(), .stall_timeout = 500ms, .is_rate_limited = true};
      if (slow.perform(request, own, stop.token()) && own.body == body) ++good;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 4);
  EXPECT_GE(seconds_since(start), 0.19);
  EXPECT_LT(seconds_since(start), 5);
}

TEST_F(ClientLimitTest, WhoIsNotLimitedDoesNotWait) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, std::string(200'000, 'x')); });
  Client slow{limited(1'000)};
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(slow.perform({.url = server.url()}, sink, stop.token()));
  EXPECT_LT(seconds_since(start), 5);
}

TEST_F(ClientLimitTest, WaitingTransfersCanBeStopped) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, std::string(60'000, 'x')); });
  Client slow{limited(1)};
  sink.on_begin = [this](const Head&) -> Result<void> {
    stop.request_stop(StopLevel::abort);
    return {};
  };
  EXPECT_EQ(kind_of(fetch(slow, {.url = server.url()})), ErrorKind::cancelled);
}

TEST_F(ClientLimitTest, SinkErrorsAfterAPauseEndTheTransfer) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, std::string(60'000, 'x')); });
  Client slow{limited(1'000'000)};
  std::size_t seen = 0;
  sink.on_data = [&seen](std::string_view bytes) -> Result<void> {
    seen += bytes.size();
    if (seen > 40'000) return dbr::fail(ErrorKind::disk_full, "no space left");
    return {};
  };
  EXPECT_EQ(kind_of(fetch(slow, {.url = server.url()})), ErrorKind::disk_full);
  // Nobody waits for the one that is gone.
  sink.on_data = nullptr;
  EXPECT_TRUE(fetch(slow, {.url = server.url()}));
}

TEST_F(ClientLimitTest, TricklesEnd) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.send("x") && peer.stall(5ms)) {
    }
  });
  const auto response = ClientTest::fetch(Request{.url = server.url(), .slowest = Request::Pace{100ms, 10'000}});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_NE(response.error().message.find("no more than"), std::string::npos) << response.error().message;
}

TEST_F(ClientLimitTest, SlowButSteadyOnesDoNot) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
      peer.send(std::string(10, 'x'));
      peer.stall(20ms);
    }
  });
  EXPECT_TRUE(ClientTest::fetch(Request{.url = server.url(), .slowest = Request::Pace{100ms, 50}}));
}

}  // namespace
}  // namespace dbr::http
