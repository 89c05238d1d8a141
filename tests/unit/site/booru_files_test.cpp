// SPDX-License-Identifier: MIT
// Files from a site: what is asked for, and what is refused.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "dbr/site/booru.hpp"
#include "support/loopback_server.hpp"

namespace dbr::site {
namespace {

using test::LoopbackServer;
using test::Peer;
using test::ReceivedRequest;

const bool k_bypasses_proxies = ::setenv("no_proxy", "*", 1) == 0 && ::setenv("NO_PROXY", "*", 1) == 0;

class BooruFilesTest : public ::testing::Test {
 protected:
  Result<http::Response> fetch(Booru& booru, std::string_view url, ByteCount first_byte = 0) {
    sink.body.clear();
    const auto prepare = [&](http::Request& request) -> http::Sink& {
      request.first_byte = first_byte;
      if (first_byte > 0) request.if_range = "\"v1\"";
      return sink;
    };
    return booru.fetch_file(url, 1'000'000, prepare, stop.token());
  }

  LoopbackServer server{[](const ReceivedRequest& request, Peer& peer) {
    if (request.target.starts_with("/go?")) {
      return peer.reply(302, "", "Location: " + request.target.substr(4) + "\r\n");
    }
    peer.reply(request.headers.contains("range") ? 206 : 200, "file");
  }};
  StopSource stop;
  http::StringSink sink;
};

TEST_F(BooruFilesTest, SendsRangesAndNoCredentials) {
  auto booru = Booru::open({.url = server.url(), .credentials = http::Credentials{"login", "key"}});
  ASSERT_TRUE(booru);
  const auto response = fetch(*booru, "/original/a.jpg", 3);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 206);
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.headers.at("range"), "bytes=3-");
  EXPECT_EQ(request.headers.at("if-range"), "\"v1\"");
  EXPECT_FALSE(request.headers.contains("authorization"));
}

TEST_F(BooruFilesTest, RefusesWhereRedirectsMustNotLead) {
  auto booru = Booru::open({.url = server.url()});
  ASSERT_TRUE(booru);
  for (const char* target : {"http://other.invalid/x", "http://169.254.169.254/x", "file:///etc/passwd", "/a/../x"}) {
    const auto response = fetch(*booru, std::string("/go?") + target);
    ASSERT_FALSE(response) << target;
    EXPECT_EQ(response.error().kind, ErrorKind::corrupt) << target;
  }
  EXPECT_TRUE(fetch(*booru, "/go?/x"));
}

TEST_F(BooruFilesTest, SaysWhyAFileIsRefused) {
  auto booru = Booru::open({.url = "https://danbooru.donmai.us", .allow_hosts = {"mirror.example"}});
  ASSERT_TRUE(booru);
  for (const char* url : {"/original/a.jpg", "https://cdn.donmai.us/original/a.jpg", "http://mirror.example/a.jpg"}) {
    EXPECT_EQ(booru->refusal(url), std::nullopt) << url;
  }
  for (const char* url :
       {"https://other.example/a.jpg", "http://169.254.169.254/a.jpg", "file:///etc/passwd", "//[::1]/a.jpg",
        "http://a:b@cdn.donmai.us/a.jpg", "/original/../a.jpg", "https://cdn.donmai.us/%2e%2e/a.jpg"}) {
    EXPECT_TRUE(booru->refusal(url)) << url;
  }
}

TEST_F(BooruFilesTest, AllFilesShareOneAllowanceOfRequests) {
  auto booru = Booru::open({.url = server.url(), .api_requests_per_second = 0.001, .file_requests_per_second = 20});
  ASSERT_TRUE(booru);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(fetch(*booru, "/x"));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(149));
}

}  // namespace
}  // namespace dbr::site
