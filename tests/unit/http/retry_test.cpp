// SPDX-License-Identifier: MIT
#include "dbr/http/retry.hpp"

#include <gtest/gtest.h>

namespace dbr::http {
namespace {

using namespace std::chrono_literals;

Response make_response(long status, std::map<std::string, std::string, std::less<>> headers = {},
                       std::string error_body = {}) {
  Response response;
  response.head.status = status;
  response.head.url = "https://danbooru.donmai.us/posts.json?login=me&api_key=secret";
  response.head.headers = std::move(headers);
  response.error_body = std::move(error_body);
  return response;
}

TEST(RetryPolicyTest, DoublesUpToTheMost) {
  const RetryPolicy policy{.max_tries = 9, .first_delay = 500ms, .max_delay = 5'000ms};
  EXPECT_EQ(policy.delay_before(2, 0.999'999'999), 499ms);
  EXPECT_EQ(policy.delay_before(2, 0.5), 250ms);
  EXPECT_EQ(policy.delay_before(3, 0.5), 500ms);
  EXPECT_EQ(policy.delay_before(5, 0.5), 2'000ms);
  EXPECT_EQ(policy.delay_before(6, 0.5), 2'500ms);
  EXPECT_EQ(policy.delay_before(1'000'000, 0.5), 2'500ms);
}

TEST(RetryPolicyTest, JitterIsFull) {
  EXPECT_EQ(RetryPolicy{}.delay_before(4, 0.0), 0ms);
}

TEST(ErrorForResponseTest, FollowsTheStatus) {
  const std::pair<long, ErrorKind> table[] = {
      {301, ErrorKind::remote_rejected}, {400, ErrorKind::remote_rejected}, {401, ErrorKind::remote_rejected},
      {403, ErrorKind::remote_rejected}, {404, ErrorKind::not_found},       {408, ErrorKind::network},
      {410, ErrorKind::not_found},       {422, ErrorKind::remote_rejected}, {429, ErrorKind::throttled},
      {451, ErrorKind::remote_rejected}, {500, ErrorKind::network},         {502, ErrorKind::network},
      {503, ErrorKind::throttled},       {504, ErrorKind::network},         {522, ErrorKind::network}};
  for (const auto& [status, kind] : table) EXPECT_EQ(error_for_response(make_response(status)).kind, kind) << status;
}

TEST(ErrorForResponseTest, APartThatIsNotThereIsWorthAskingAgain) {
  EXPECT_EQ(error_for_response(make_response(416)).kind, ErrorKind::remote_rejected);
  EXPECT_EQ(error_for_response(make_response(416), true).kind, ErrorKind::network);
}

TEST(ErrorForResponseTest, NamesHostAndPathButNoKey) {
  const Error error = error_for_response(make_response(401));
  EXPECT_EQ(error.message, "cannot fetch danbooru.donmai.us/posts.json: HTTP status 401");
  EXPECT_FALSE(error.hint.empty());
}

TEST(ErrorForResponseTest, ChallengeRejectsWhateverTheStatus) {
  EXPECT_EQ(error_for_response(make_response(503, {{"cf-mitigated", "challenge"}})).kind, ErrorKind::remote_rejected);
}

TEST(ChallengeTest, TellsBrowserChecksFromOtherPages) {
  const std::string check = "<!DOCTYPE html><title>Just a moment...</title>";
  const std::string down = "<html><title>Downbooru</title><p>Danbooru is down for maintenance.</p>";
  EXPECT_TRUE(is_challenge(make_response(403, {{"cf-mitigated", "challenge"}})));
  EXPECT_TRUE(is_challenge(make_response(403, {{"content-type", "text/html; charset=UTF-8"}}, check)));
  EXPECT_TRUE(is_challenge(make_response(503, {{"content-type", "TEXT/HTML"}}, check)));
  EXPECT_FALSE(is_challenge(make_response(404, {{"content-type", "text/html"}}, check)));
  EXPECT_FALSE(is_challenge(make_response(403, {{"content-type", "application/json"}}, check)));
  EXPECT_FALSE(is_challenge(make_response(403, {}, check)));
  EXPECT_FALSE(is_challenge(make_response(503, {{"content-type", "text/html"}, {"retry-after", "30"}}, down)));
  EXPECT_FALSE(is_challenge(make_response(429, {{"content-type", "text/html"}}, "<h1>429 Too Many Requests</h1>")));
}

class RetryAfterTest : public ::testing::Test {
 protected:
  static std::optional<std::chrono::seconds> parse(std::string value) {
    return retry_after(make_response(503, {{"retry-after", std::move(value)}}).head,
                       *parse_timestamp("2017-12-31T23:59:30.500Z"));
  }
};

TEST_F(RetryAfterTest, TakesSeconds) {
  EXPECT_EQ(parse("0"), 0s);
  EXPECT_EQ(parse("30"), 30s);
  EXPECT_EQ(parse("3601"), 3600s);
  EXPECT_EQ(parse("99999999999999999999999999"), 3600s);
}

TEST_F(RetryAfterTest, TakesDates) {
  EXPECT_EQ(parse("Mon, 01 Jan 2018 00:00:00 GMT"), 30s);  // 29.5, rounded up
  EXPECT_EQ(parse("Monday, 01-Jan-18 00:01:00 GMT"), 90s);
  EXPECT_EQ(parse("Sun, 31 Dec 2017 23:00:00 GMT"), 0s);
  EXPECT_EQ(parse("Mon, 01 Jan 2029 00:00:00 GMT"), 3600s);
}

TEST_F(RetryAfterTest, IgnoresNonsense) {
  EXPECT_EQ(retry_after(Head{}, now()), std::nullopt);
  for (const char* text : {"", "soon", "-5", "1.5", "30s", "+1", "1e3", "Mon"}) {
    EXPECT_EQ(parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dbr::http
