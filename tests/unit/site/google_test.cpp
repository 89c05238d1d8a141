// SPDX-License-Identifier: MIT
// Names and requests.
#include "site/google.hpp"

#include <gtest/gtest.h>

namespace dbr::site {
namespace {

TEST(GoogleTest, ParsesObjects) {
  const auto object = parse_google_object("gs://danbooru_public/data/tags.json");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->bucket, "danbooru_public");
  EXPECT_EQ(object->object, "data/tags.json");
  for (const char* name : {"gs://", "gs://b", "gs://b/", "gs:///o", "b/o"}) {
    const auto bad = parse_google_object(name);
    ASSERT_FALSE(bad) << name;
    EXPECT_EQ(bad.error().kind, ErrorKind::usage);
  }
}

TEST(GoogleTest, ParsesTables) {
  const auto table = parse_google_table("bigquery:danbooru1.danbooru_public.tags");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->project, "danbooru1");
  EXPECT_EQ(table->dataset, "danbooru_public");
  EXPECT_EQ(table->table, "tags");
  EXPECT_EQ(parse_google_table("bigquery:example.org:p.d.t")->project, "example.org:p");
  for (const char* name :
       {"bigquery:", "bigquery:a", "bigquery:a.b", "bigquery:.b.c", "bigquery:a..c", "bigquery:a.b."}) {
    const auto bad = parse_google_table(name);
    ASSERT_FALSE(bad) << name;
    EXPECT_EQ(bad.error().kind, ErrorKind::usage);
  }
}

TEST(GoogleTest, KeepsTheTokenWithTheHost) {
  const auto request = make_google_request("https://storage.googleapis.com/", "/x", {.google_token = "t"});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://storage.googleapis.com/x");
  EXPECT_EQ(request->credentials->bearer_token, "t");
  EXPECT_NE(request->reach("https://storage.googleapis.com/y"), http::Reach::refused);
  EXPECT_EQ(request->reach("https://example.org/y"), http::Reach::refused);
  EXPECT_FALSE(make_google_request("https://storage.googleapis.com", "/x", {})->credentials);
}

TEST(GoogleTest, RefusesTokensThatAreNone) {
  for (const char* token : {"a b", "a\n", "a\r\nX-Evil: 1", "\x80"}) {
    const auto request = make_google_request("https://x.example", "/", {.google_token = token});
    ASSERT_FALSE(request) << token;
    EXPECT_EQ(request.error().kind, ErrorKind::config);
    EXPECT_EQ(request.error().message.find(token), std::string::npos);
  }
  EXPECT_EQ(make_google_request("ftp://x", "/", {}).error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace dbr::site
