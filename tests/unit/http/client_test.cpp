// SPDX-License-Identifier: MIT
// What a Client does while the server behaves.
#include "client_fixture.hpp"
#include "dbr/http/range.hpp"

namespace dbr::http {
namespace {

TEST_F(ClientTest, FetchesABody) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.reply(200, "hello", "Content-Type: text/plain\r\nX-Twice: one\r\nx-twice: two\r\n");
  });
  const auto response = fetch(server.url("/a?b=c"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, "hello");
  EXPECT_EQ(response->head.status, 200);
  EXPECT_EQ(response->head.url, server.url("/a?b=c"));
  EXPECT_EQ(response->head.content_length, 5);
  EXPECT_EQ(response->head.header("content-type"), "text/plain");
  EXPECT_EQ(response->head.header("x-twice"), "two");
  EXPECT_EQ(response->head.header("absent"), "");
  EXPECT_EQ(response->body_size, 5);
  EXPECT_EQ(response->error_body, "");

  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/a?b=c");
  EXPECT_EQ(header(request, "user-agent"), "dbr-test/1.0 (tests)");
  EXPECT_EQ(header(request, "accept-encoding"), "identity");
  EXPECT_EQ(header(request, "authorization"), "");
}

TEST_F(ClientTest, KeepsConnectionsAlive) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientTest, TakesEmptyAndBodilessResponses) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/204") {
      peer.send("HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n");
    } else {
      peer.reply(200, "");
    }
  });
  int begun = 0;
  sink.on_begin = [&begun](const Head&) -> Result<void> {
    ++begun;
    return {};
  };
  EXPECT_TRUE(fetch(server.url("/204")));
  EXPECT_TRUE(fetch(server.url("/200")));
  EXPECT_EQ(begun, 2);
}

TEST_F(ClientTest, ReadsChunksAndIgnoresTrailers) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: head\r\n\r\n5\r\nhello\r\n0\r\nX-A: trailer\r\n\r\n");
  });
  const auto response = fetch(server.url());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, "hello");
  EXPECT_EQ(response->head.content_length, std::nullopt);
  EXPECT_EQ(response->head.header("x-a"), "head");
}

TEST_F(ClientTest, LooksPastInterimResponses) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n");
    peer.reply(200, "x");
  });
  const auto response = fetch(server.url());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 200);
  EXPECT_EQ(response->head.header("link"), "");
}

TEST_F(ClientTest, KeepsEncodedFilesAsTheyAre) {
  LoopbackServer server(
      [](const ReceivedRequest&, Peer& peer) { peer.reply(200, "\x1f\x8bnot gzip", "Content-Encoding: gzip\r\n"); });
  ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(sink.body, "\x1f\x8bnot gzip");
}

TEST_F(ClientTest, UnpacksWhenAskedTo) {
  // "hello\n", gzipped.
  static constexpr char k_packed[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06\x00\x00\x00";
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.reply(200, {k_packed, sizeof k_packed - 1}, "Content-Encoding: gzip\r\n");
  });
  const auto response = fetch(Request{.url = server.url(), .compressed = true});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, "hello\n");
  EXPECT_EQ(response->body_size, 6);
  EXPECT_EQ(response->head.content_length, std::nullopt);
  EXPECT_NE(header(server.requests().at(0), "accept-encoding").find("gzip"), std::string::npos);
  EXPECT_EQ(kind_of(fetch(Request{.url = server.url(), .max_body = 5, .compressed = true})), ErrorKind::corrupt);
}

TEST_F(ClientTest, SendsCredentialsAsBasic) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  ASSERT_TRUE(fetch(Request{.url = server.url(), .credentials = Credentials{"login", "key"}}));
  EXPECT_EQ(header(server.requests().at(0), "authorization"), "Basic bG9naW46a2V5");
  // The handle is used again: nothing of the last request may stick to it.
  ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(header(server.requests().at(1), "authorization"), "");
}

TEST_F(ClientTest, SendsABearerToken) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  const Credentials token{.bearer_token = "ya29.token"};
  ASSERT_TRUE(fetch(Request{.url = server.url(), .credentials = token}));
  EXPECT_EQ(header(server.requests().at(0), "authorization"), "Bearer ya29.token");
  ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(header(server.requests().at(1), "authorization"), "");
}

TEST_F(ClientTest, TakesWhatIsStoredFromAByteOn) {
  LoopbackServer server(
      [](const ReceivedRequest&, Peer& peer) { peer.reply(206, "\x1f\x8bnot gzip", "Content-Encoding: gzip\r\n"); });
  const auto response =
      fetch(Request{.url = server.url(), .max_body = 6'000'000'000, .as_stored = true, .first_byte = 5'000'000'000});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, "\x1f\x8bnot gzip");
  EXPECT_EQ(header(server.requests().at(0), "accept-encoding"), "gzip");
  EXPECT_EQ(header(server.requests().at(0), "range"), "bytes=5000000000-");
  ASSERT_TRUE(fetch(server.url()));
  EXPECT_EQ(header(server.requests().at(1), "range"), "");
  EXPECT_EQ(header(server.requests().at(1), "accept-encoding"), "identity");
}

TEST_F(ClientTest, HandsOnWhateverARangeIsAnsweredWith) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/all") return peer.reply(200, "hello", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    if (request.target == "/beyond") return peer.reply(416, "no", "Content-Range: bytes */5\r\n");
    peer.reply(206, "lo", "Content-Range: bytes 3-4/5\r\nETag: \"v1\"\r\n");
  });
  const auto part = fetch(Request{.url = server.url("/part"), .first_byte = 3, .if_range = "\"v1\""});
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(part->head.status, 206);
  EXPECT_EQ(part->head.header("etag"), "\"v1\"");
  EXPECT_EQ(content_range(part->head)->first, 3);
  EXPECT_EQ(sink.body, "lo");
  EXPECT_EQ(header(server.requests().at(0), "if-range"), "\"v1\"");
  // From a server that cannot, or where the file is another by now.
  const auto all = fetch(Request{.url = server.url("/all"), .first_byte = 3});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->head.status, 200);
  EXPECT_TRUE(all->head.date("last-modified"));
  EXPECT_EQ(sink.body, "hello");
  EXPECT_EQ(header(server.requests().at(1), "if-range"), "");
  const auto beyond = fetch(Request{.url = server.url("/beyond"), .first_byte = 5});
  ASSERT_TRUE(beyond) << beyond.error().message;
  EXPECT_EQ(beyond->head.status, 416);
  EXPECT_EQ(sink.body, "");
}

TEST_F(ClientTest, TheLimitCountsTheWholeFile) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/all") return peer.reply(200, "hello");
    if (request.target == "/part") return peer.reply(206, "lo");
    peer.send("HTTP/1.1 206 Part\r\nConnection: close\r\n\r\nlo");
    peer.close();
  });
  const auto kind = [&](const char* target, ByteCount limit) {
    return kind_of(fetch(Request{.url = server.url(target), .max_body = limit, .first_byte = 3}));
  };
  for (const char* target : {"/part", "/endless"}) {
    EXPECT_EQ(kind(target, 5), std::nullopt) << target;
    EXPECT_EQ(kind(target, 4), ErrorKind::corrupt) << target;
  }
  EXPECT_EQ(kind("/all", 5), std::nullopt) << "what was skipped comes again";
}

TEST_F(ClientTest, RefusesWhatIsNoHeaderValue) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  EXPECT_EQ(kind_of(fetch(Request{.url = server.url(), .first_byte = 3, .if_range = "\"v1\"\r\nX-Y: z"})),
            ErrorKind::usage);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ClientTest, KeepsErrorBodiesFromTheSink) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.reply(422, R"({"success":false,"message":"no"})", "Content-Type: application/json\r\n");
  });
  const auto response = fetch(server.url());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 422);
  EXPECT_EQ(response->error_body, R"({"success":false,"message":"no"})");
  EXPECT_EQ(sink.body, "");
}

TEST_F(ClientTest, CutsLongErrorBodies) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n");
    while (peer.send(std::string(10'000, 'e'))) {
    }
  });
  const auto response = fetch(Request{.url = server.url(), .max_body = 10});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 500);
  EXPECT_EQ(response->error_body, std::string(64 * 1024, 'e'));
}

TEST_F(ClientTest, RefusesWhatIsNotAllowed) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  const auto response =
      fetch(Request{.url = server.url("/x?key=secret"), .reach = [](auto) { return Reach::refused; }});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(response.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ClientTest, RefusesOtherProtocols) {
  EXPECT_EQ(kind_of(fetch("file:///etc/passwd")), ErrorKind::usage);
  EXPECT_EQ(kind_of(fetch("http://login:key@127.0.0.1/")), ErrorKind::usage);
}

}  // namespace
}  // namespace dbr::http
