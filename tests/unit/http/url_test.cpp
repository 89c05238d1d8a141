// SPDX-License-Identifier: MIT
#include "dbr/http/url.hpp"

#include <gtest/gtest.h>

namespace dbr::http {
namespace {

TEST(UrlTest, SplitsIntoParts) {
  const auto url = parse_url("HTTPS://CDN.Donmai.us/original/ab/cd/x.jpg?key=1#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "cdn.donmai.us");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/original/ab/cd/x.jpg");
}

TEST(UrlTest, KnowsPorts) {
  EXPECT_EQ(parse_url("http://host/")->port, 80);
  EXPECT_EQ(parse_url("http://host:8080")->port, 8080);
  EXPECT_EQ(parse_url("http://host:8080")->path, "/");
}

TEST(UrlTest, TakesIpv6Hosts) {
  const auto url = parse_url("http://[::1]:81/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 81);
}

TEST(UrlTest, SeesThroughSpellingsOfAnAddress) {
  EXPECT_EQ(parse_url("http://0x7f.1/")->host, "127.0.0.1");
}

class RefusedUrlTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(RefusedUrlTest, IsUsageError) {
  const auto url = parse_url(GetParam());
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().kind, ErrorKind::usage);
  EXPECT_EQ(url.error().message.find("secret"), std::string::npos) << url.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, RefusedUrlTest,
                         ::testing::Values("http://user:secret@host/", "http://user@host/", "http://@host/",
                                           "http://user:se?secret@host/", "user:secret@host", "file:///etc/passwd",
                                           "ftp://host/x", "gopher://host/", "data:text/plain,x", "javascript:alert(1)",
                                           "host/path", "//host/path", "/path", "", "http://", "http://host:0/",
                                           "http://host:65536/", "http://host:x/", "http://ho st/", "http://host/a b",
                                           "http://host/\r\nX: y", "http://host/?q=secret y",
                                           std::string_view("http://host/\0secret", 19)));

TEST(UrlTest, ResolvesReferences) {
  const std::string_view base = "https://host.example/a/b/c?q=1";
  EXPECT_EQ(*resolve_url(base, "d"), "https://host.example/a/b/d");
  EXPECT_EQ(*resolve_url(base, "../d?x=2"), "https://host.example/a/d?x=2");
  EXPECT_EQ(*resolve_url(base, "/d"), "https://host.example/d");
  EXPECT_EQ(*resolve_url(base, "?x=2"), "https://host.example/a/b/c?x=2");
  EXPECT_EQ(*resolve_url(base, "//other.example/d"), "https://other.example/d");
  EXPECT_EQ(*resolve_url(base, "http://other.example/d"), "http://other.example/d");
  EXPECT_EQ(*resolve_url(base, ""), base);
  EXPECT_EQ(*resolve_url(base, "/with space"), "https://host.example/with%20space");
  EXPECT_EQ(*resolve_url(base, "/a%20b"), "https://host.example/a%20b");
}

TEST(UrlTest, ResolvesToHttpOnly) {
  EXPECT_FALSE(resolve_url("http://host/", "file:///etc/passwd"));
  EXPECT_FALSE(resolve_url("http://host/", "ftp://host/"));
  EXPECT_FALSE(resolve_url("http://host/", "http://user:key@host/"));
  EXPECT_FALSE(resolve_url("host", "http://host/"));
}

TEST(UrlTest, FindsParentStepsHoweverTheyAreWritten) {
  for (const char* text : {"..", "/..", "/a/../b", "a/..", "http://h/a/../b", "/%2e%2E/", "/.%2e/b", "\\..\\b",
                           "/a%2f..%5Cb", "/%252e%252e/b", "/a/..?x", "/a/..#x"}) {
    EXPECT_TRUE(has_parent_steps(text)) << text;
  }
  for (const char* text :
       {"", "/", "/a..b/c", "/...", "/..a", "/a..", "/a?x=/../b", "/a#/../b", "./a", "http://h/original/a.jpg"}) {
    EXPECT_FALSE(has_parent_steps(text)) << text;
  }
}

TEST(UrlTest, DescribesWithoutKeys) {
  EXPECT_EQ(describe_url("https://host/posts.json?login=a&api_key=b"), "host/posts.json");
  EXPECT_EQ(describe_url("https://login:key@host:81/x#y"), "host:81/x");
  EXPECT_EQ(describe_url("file:///etc/passwd"), "file:///etc/passwd");
  EXPECT_EQ(describe_url("https://host/user/@name"), "host/user/@name");
}

TEST(UrlTest, WhatIsRememberedOfOneUrlIsNotSaidOfAnother) {
  const auto host_of = [](std::string_view text) {
    const auto url = parse_url(text);
    return url ? url->host + ":" + std::to_string(url->port) + url->path : "refused";
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(host_of("http://a.example/x/1.png"), "a.example:80/x/1.png");
    EXPECT_EQ(host_of("http://a.example/x/2.png"), "a.example:80/x/2.png");
    EXPECT_EQ(host_of("https://a.example/x/2.png"), "a.example:443/x/2.png");
    EXPECT_EQ(host_of("http://a.example:81/x/2.png"), "a.example:81/x/2.png");
    EXPECT_EQ(host_of("http://a.example.evil.example/x/2.png"), "a.example.evil.example:80/x/2.png");
    EXPECT_EQ(host_of("http://a.example/../2.png"), "a.example:80/2.png");
    EXPECT_EQ(host_of("http://a.example/@b.example/2.png"), "a.example:80/@b.example/2.png");
    EXPECT_EQ(host_of("http://a.example@b.example/2.png"), "refused");
    EXPECT_EQ(host_of("http://a.example:99999/2.png"), "refused");
    EXPECT_EQ(resolve_url("http://a.example/x", "http://a.example/y"), "http://a.example/y");
    EXPECT_EQ(resolve_url("http://a.example/x", "/z/../y"), "http://a.example/y");
    EXPECT_EQ(resolve_url("http://a.example/x", "HTTP://a.example/./y"), "http://a.example/y");
  }
}

}  // namespace
}  // namespace dbr::http
