// SPDX-License-Identifier: MIT
// What a Client does while the server, the network or the sink does not behave.
#include <stdexcept>

#include "client_fixture.hpp"

namespace dbr::http {
namespace {

using ClientFailureTest = ClientTest;

TEST_F(ClientFailureTest, ShortBodyIsNetwork) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    peer.close();
  });
  const auto response = fetch(server.url("/x?key=secret"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_NE(response.error().message.find("127.0.0.1"), std::string::npos);
  EXPECT_NE(response.error().message.find("/x: "), std::string::npos);
  EXPECT_EQ(response.error().message.find("secret"), std::string::npos);
}

TEST_F(ClientFailureTest, ShortChunkIsNetwork) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    peer.close();
  });
  EXPECT_EQ(kind_of(fetch(server.url())), ErrorKind::network);
}

TEST_F(ClientFailureTest, BytesBeyondTheLengthAreNotTheBody) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more");
    peer.close();
  });
  ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(sink.body, "hello");
}

TEST_F(ClientFailureTest, ResetIsNetwork) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/body") {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      peer.stall(20ms);
    }
    peer.reset();
  });
  EXPECT_EQ(kind_of(fetch(server.url("/before"))), ErrorKind::network);
  EXPECT_EQ(kind_of(fetch(server.url("/body"))), ErrorKind::network);
}

TEST_F(ClientFailureTest, RefusedConnectionIsNetwork) {
  std::string url;
  {
    const LoopbackServer server([](const ReceivedRequest&, Peer&) {});
    url = server.url();
  }
  EXPECT_EQ(kind_of(fetch(url)), ErrorKind::network);
}

TEST_F(ClientFailureTest, UnknownHostIsNetwork) {
  const auto response = fetch("http://host.invalid/");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_FALSE(response.error().hint.empty());
}

TEST_F(ClientFailureTest, NotHttpIsNetwork) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("SSH-2.0-OpenSSH\r\n");
    peer.close();
  });
  EXPECT_EQ(kind_of(fetch(server.url())), ErrorKind::network);
}

TEST_F(ClientFailureTest, EndlessHeadersAreCut) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(kind_of(fetch(server.url())), ErrorKind::corrupt);
}

TEST_F(ClientFailureTest, TooLongIsKnownFromTheLength) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
    peer.stall();
  });
  const auto response = fetch(Request{.url = server.url(), .max_body = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
}

TEST_F(ClientFailureTest, TooLongIsNoticedOnTheWay) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.send(std::string(100, 'x'))) {
    }
  });
  const auto response = fetch(Request{.url = server.url(), .max_body = 100'000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
  EXPECT_LE(sink.body.size(), 100'000U + 128U * 1024) << "the piece that went too far, and no more";
}

TEST_F(ClientFailureTest, ExactlyTheLimitIsFine) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, std::string(1000, 'x')); });
  EXPECT_TRUE(fetch(Request{.url = server.url(), .max_body = 1000}));
}

TEST_F(ClientFailureTest, StallIsNetwork) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/body") peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    peer.stall();
  });
  for (const char* target : {"/head", "/body"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto response = fetch(Request{.url = server.url(target), .stall_timeout = 60ms});
    EXPECT_EQ(kind_of(response), ErrorKind::network);
    EXPECT_GE(seconds_since(start), 0.06);
    EXPECT_LT(seconds_since(start), 5);
  }
}

TEST_F(ClientFailureTest, SlowIsNoStall) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
      peer.stall(30ms);
      peer.send("x");
    }
  });
  EXPECT_TRUE(fetch(Request{.url = server.url(), .stall_timeout = 200ms}));
}

TEST_F(ClientFailureTest, TotalTimeoutIsNetwork) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.send("x") && peer.stall(5ms)) {
    }
  });
  EXPECT_EQ(kind_of(fetch(Request{.url = server.url(), .total_timeout = 80ms})), ErrorKind::network);
}

TEST_F(ClientFailureTest, BrokenErrorBodyStillHasAStatus) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\nbus");
    peer.close();
  });
  const auto response = fetch(server.url());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 503);
  EXPECT_EQ(response->head.header("retry-after"), "7");
  EXPECT_EQ(response->error_body, "bus");
}

TEST_F(ClientFailureTest, SinkErrorEndsTheTransfer) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\nx");
    while (peer.send(std::string(100, 'x'))) {
    }
  });
  sink.on_data = [](std::string_view) { return dbr::fail(ErrorKind::disk_full, "no space left"); };
  auto response = fetch(server.url());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::disk_full);
  EXPECT_EQ(response.error().message, "no space left");
  sink.on_begin = [](const Head&) { return dbr::fail(ErrorKind::network, "HTML"); };
  EXPECT_EQ(fetch(server.url()).error().message, "HTML");
}

TEST_F(ClientFailureTest, SinkExceptionReachesTheCaller) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  sink.on_begin = [](const Head&) -> Result<void> { throw std::logic_error("a bug"); };
  EXPECT_THROW((void)fetch(server.url()), std::logic_error);
  sink.on_begin = nullptr;
  sink.on_data = [](std::string_view) -> Result<void> { throw std::logic_error("a bug"); };
  EXPECT_THROW((void)fetch(server.url()), std::logic_error);
  sink.on_data = nullptr;
  EXPECT_TRUE(fetch(server.url()));
}

}  // namespace
}  // namespace dbr::http
