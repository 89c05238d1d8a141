// SPDX-License-Identifier: MIT
#include "http/hop.hpp"

#include <gtest/gtest.h>

namespace dbr::http {
namespace {

const Hop k_secure{.url = "https://host.example/a?key=secret", .credentials = Credentials{"login", "key"}};
const Hop k_plain{.url = "http://host.example/a", .credentials = Credentials{"login", "key"}};

bool keeps_credentials(const Hop& hop, std::string_view location) {
  return next_hop({}, hop, location).value().credentials.has_value();
}

TEST(HopTest, NeverGoesFromHttpsToHttp) {
  const auto hop = next_hop({}, k_secure, "http://host.example/a");
  ASSERT_FALSE(hop);
  EXPECT_EQ(hop.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(hop.error().message.find("secret"), std::string::npos);
  EXPECT_TRUE(next_hop({}, k_plain, "https://host.example/a"));
}

TEST(HopTest, KeepsCredentialsWithinTheOrigin) {
  EXPECT_TRUE(keeps_credentials(k_secure, "/b"));
  EXPECT_TRUE(keeps_credentials(k_secure, "https://HOST.example:443/b"));
  EXPECT_FALSE(keeps_credentials(k_secure, "https://host.example:444/b"));
  EXPECT_FALSE(keeps_credentials(k_secure, "https://cdn.host.example/b"));
  EXPECT_FALSE(keeps_credentials(k_secure, "//other.example/b"));
  EXPECT_FALSE(keeps_credentials(k_plain, "https://host.example/b"));
}

TEST(HopTest, RefusesOtherSchemesAndUserInformation) {
  for (const char* location : {"file:///etc/passwd", "ftp://host.example/", "https://login:secret@host.example/"}) {
    const auto hop = next_hop({}, k_secure, location);
    ASSERT_FALSE(hop) << location;
    EXPECT_EQ(hop.error().kind, ErrorKind::corrupt) << location;
    EXPECT_EQ(hop.error().message.find("secret"), std::string::npos) << hop.error().message;
  }
}

TEST(HopTest, AsksWithTheWholeTarget) {
  Request request;
  request.reach = [](std::string_view url) {
    return url == "https://host.example/yes?x" ? Reach::public_only : Reach::refused;
  };
  EXPECT_TRUE(next_hop(request, k_secure, "yes?x"));
  EXPECT_FALSE(next_hop(request, k_secure, "no"));
}

TEST(HopTest, KnowsRedirects) {
  for (const long status : {301, 302, 303, 307, 308}) EXPECT_TRUE(is_redirect(status)) << status;
  for (const long status : {200, 300, 304, 305, 306, 404}) EXPECT_FALSE(is_redirect(status)) << status;
}

}  // namespace
}  // namespace dbr::http
