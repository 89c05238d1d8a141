// SPDX-License-Identifier: MIT
// Redirects: followed by hand, checked at every step.
#include "client_fixture.hpp"

namespace dbr::http {
namespace {

/// Answers "/go?TARGET" with a redirect to TARGET, anything else with 200 and its own target as the body.
void redirect_or_echo(const ReceivedRequest& request, Peer& peer) {
  if (request.target.starts_with("/go?")) {
    peer.reply(302, "moved", "Location: " + request.target.substr(4) + "\r\n");
  } else {
    peer.reply(200, request.target);
  }
}

class ClientRedirectTest : public ClientTest {
 protected:
  LoopbackServer server{redirect_or_echo};
  /// Another port, so another origin.
  LoopbackServer other{redirect_or_echo};
};

TEST_F(ClientRedirectTest, FollowsRelativeOnes) {
  const auto response = fetch(server.url("/go?/target?x=1"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.body, "/target?x=1");
  EXPECT_EQ(response->head.url, server.url("/target?x=1"));
  EXPECT_EQ(response->error_body, "");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientRedirectTest, FollowsEveryKind) {
  for (const int status : {301, 302, 303, 307, 308}) {
    LoopbackServer kinds([status](const ReceivedRequest& request, Peer& peer) {
      if (request.target == "/") return peer.reply(status, "", "Location: x\r\n");
      peer.reply(200, "there");
    });
    EXPECT_TRUE(fetch(kinds.url()));
    EXPECT_EQ(sink.body, "there") << status;
  }
}

TEST_F(ClientRedirectTest, ReturnsOthersAsTheyAre) {
  LoopbackServer odd([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/300") return peer.reply(300, "", "Location: /x\r\n");
    peer.reply(302, "nowhere");
  });
  EXPECT_EQ(fetch(odd.url("/300"))->head.status, 300);
  EXPECT_EQ(fetch(odd.url("/302"))->head.status, 302);
}

TEST_F(ClientRedirectTest, KeepsCredentialsOnTheSameOrigin) {
  ASSERT_TRUE(fetch(Request{.url = server.url("/go?/x"), .credentials = Credentials{"login", "key"}}));
  EXPECT_EQ(header(server.requests().at(1), "authorization"), "Basic bG9naW46a2V5");
}

TEST_F(ClientRedirectTest, DropsCredentialsWhenTheHostChanges) {
  const std::string url = server.url("/go?" + server.other_host_url("/x"));
  const auto response = fetch(Request{.url = url, .credentials = Credentials{"login", "key"}});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_NE(header(server.requests().at(0), "authorization"), "");
  EXPECT_EQ(header(server.requests().at(1), "authorization"), "");
}

TEST_F(ClientRedirectTest, DropsCredentialsForGoodWhenThePortChanges) {
  // There and back again: what came from the other place is not ours any more.
  const std::string url = server.url("/go?" + other.url("/go?" + server.url("/x")));
  ASSERT_TRUE(fetch(Request{.url = url, .credentials = Credentials{"login", "key"}}));
  EXPECT_EQ(header(other.requests().at(0), "authorization"), "");
  EXPECT_EQ(server.requests().at(1).target, "/x");
  EXPECT_EQ(header(server.requests().at(1), "authorization"), "");
}

TEST_F(ClientRedirectTest, StaysWithHttp) {
  for (const char* target :
       {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://login:key@host/"}) {
    const auto response = fetch(server.url(std::string("/go?") + target));
    ASSERT_FALSE(response) << target;
    EXPECT_EQ(response.error().kind, ErrorKind::corrupt) << target;
    EXPECT_EQ(response.error().message.find("key"), std::string::npos);
  }
  EXPECT_EQ(sink.body, "");
}

TEST_F(ClientRedirectTest, AsksBeforeEachStep) {
  std::vector<std::string> asked;
  const auto reach = [&](std::string_view url) {
    asked.emplace_back(url);
    return url.starts_with(other.url()) ? Reach::refused : Reach::any;
  };
  const std::string target = other.url("/forbidden?key=secret");
  const auto response = fetch(Request{.url = server.url("/go?/go?" + target), .reach = reach});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(response.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(asked, (std::vector{server.url("/go?/go?" + target), server.url("/go?" + target), target}));
  EXPECT_EQ(other.connections(), 0);
}

TEST_F(ClientRedirectTest, EndsLoops) {
  LoopbackServer loop([](const ReceivedRequest&, Peer& peer) { peer.reply(301, "", "Location: /\r\n"); });
  const auto response = fetch(loop.url());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_EQ(loop.requests().size(), 6U);
}

TEST_F(ClientRedirectTest, FollowsFive) {
  LoopbackServer chain([](const ReceivedRequest& request, Peer& peer) {
    if (request.target.size() == 6) return peer.reply(200, "end");
    peer.reply(301, "", "Location: " + request.target + "x\r\n");
  });
  EXPECT_TRUE(fetch(chain.url("/")));
  EXPECT_EQ(sink.body, "end");
}

TEST_F(ClientRedirectTest, CountsAllStepsAsOneTransfer) {
  LoopbackServer slow([](const ReceivedRequest&, Peer& peer) {
    peer.stall(60ms);
    peer.reply(301, "", "Location: /\r\n");
  });
  const auto response = fetch(Request{.url = slow.url(), .total_timeout = 150ms});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_LE(slow.requests().size(), 3U);
}

}  // namespace
}  // namespace dbr::http
