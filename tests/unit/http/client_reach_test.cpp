// SPDX-License-Identifier: MIT
// What a server says must not make us talk to our own network.
#include "client_fixture.hpp"

namespace dbr::http {
namespace {

class ClientReachTest : public ClientTest {
 protected:
  static Request request(std::string url, Reach reach) {
    return {.url = std::move(url), .reach = [reach](std::string_view) { return reach; }};
  }

  LoopbackServer server{[](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); }};
};

TEST_F(ClientReachTest, AddressesInUrlsAreRefusedUnasked) {
  const std::string port = ":" + std::to_string(server.port()) + "/";
  // The parser that curl uses knows the odd ways to write an address, too.
  for (const char* host :
       {"127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"}) {
    const auto response = fetch(request(std::string("http://") + host + port, Reach::public_only));
    ASSERT_FALSE(response) << host;
    EXPECT_EQ(response.error().kind, ErrorKind::corrupt) << host;
    EXPECT_NE(response.error().message.find("private address"), std::string::npos) << response.error().message;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ClientReachTest, NamesAreJudgedByWhatTheyResolveTo) {
  // A name for this machine that does not look like one. Where it has none, the name is merely unknown.
  char name[256] = {};
  ASSERT_EQ(::gethostname(name, sizeof name - 1), 0);
  const std::string url = std::string("http://") + name + ":" + std::to_string(server.port()) + "/";
  const auto any = fetch(request(url, Reach::any));
  if (!any) GTEST_SKIP() << "this machine's own name does not lead to it: " << any.error().message;
  // The connection stands by now, and must not be used either.
  const auto response = fetch(request(url, Reach::public_only));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
  EXPECT_NE(response.error().message.find("resolves to 1"), std::string::npos) << response.error().message;
  EXPECT_EQ(server.requests().size(), 1U);
  Client fresh{{.user_agent = "dbr-test/1.0 (tests)"}};
  EXPECT_EQ(kind_of(fresh.perform(request(url, Reach::public_only), sink, stop.token())), ErrorKind::corrupt);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientReachTest, EveryHopIsAsked) {
  LoopbackServer first(
      [&](const ReceivedRequest&, Peer& peer) { peer.reply(302, "", "Location: " + server.url("/secret") + "\r\n"); });
  const Request mixed{.url = first.url(), .reach = [&](std::string_view url) {
                        return url.starts_with(first.url()) ? Reach::any : Reach::public_only;
                      }};
  const auto response = fetch(mixed);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ClientReachTest, RedirectsDoNotClimb) {
  for (const char* target : {"/../x", "../x", "/a/%2e%2E/x", "..\\x", "/a/..", "/%252e%252e/x"}) {
    LoopbackServer first([&](const ReceivedRequest& asked, Peer& peer) {
      if (asked.target != "/a/b") return peer.reply(200, "climbed");
      peer.reply(302, "", std::string("Location: ") + target + "\r\n");
    });
    EXPECT_EQ(kind_of(fetch(first.url("/a/b"))), ErrorKind::corrupt) << target;
    EXPECT_EQ(first.requests().size(), 1U) << target;
  }
}

}  // namespace
}  // namespace dbr::http
