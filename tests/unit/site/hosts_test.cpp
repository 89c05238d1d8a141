// SPDX-License-Identifier: MIT
#include "site/hosts.hpp"

#include <gtest/gtest.h>

namespace dbr::site {
namespace {

const std::vector<std::string> k_none;
const std::vector<std::string> k_mirror = {"mirror.example"};

TEST(FileHostTest, AreTheSitesAndThoseOfItsDomain) {
  EXPECT_TRUE(is_file_host("danbooru.donmai.us", "danbooru.donmai.us", k_none));
  EXPECT_TRUE(is_file_host("cdn.donmai.us", "danbooru.donmai.us", k_none));
  EXPECT_TRUE(is_file_host("mirror.example", "danbooru.donmai.us", k_mirror));
  EXPECT_TRUE(is_file_host("127.0.0.1", "localhost", k_none));
  for (const char* host : {"other.example", "donmai.us.other.example", "notdonmai.us", "169.254.169.254", "localhost",
                           "127.0.0.1", "::1", "us", ""}) {
    EXPECT_FALSE(is_file_host(host, "danbooru.donmai.us", k_none)) << host;
  }
  EXPECT_FALSE(is_file_host("127.0.0.2", "10.0.0.2", k_none));
  EXPECT_FALSE(is_file_host("127.0.0.2", "127.0.0.1", k_none));
  EXPECT_TRUE(is_file_host("cdn.booru.co.uk", "www.booru.co.uk", k_none));
  EXPECT_FALSE(is_file_host("other.co.uk", "booru.co.uk", k_none));
}

TEST(NamedHostTest, AreThoseTheUserWroteHimself) {
  EXPECT_TRUE(is_named_host("danbooru.donmai.us", "danbooru.donmai.us", k_none));
  EXPECT_TRUE(is_named_host("mirror.example", "danbooru.donmai.us", k_mirror));
  EXPECT_FALSE(is_named_host("cdn.donmai.us", "danbooru.donmai.us", k_mirror));
}

TEST(PrivateHostTest, HaveNoPublicAddress) {
  EXPECT_TRUE(is_private_host("127.0.0.1"));
  EXPECT_TRUE(is_private_host("192.168.1.5"));
  EXPECT_TRUE(is_private_host("::1"));
  EXPECT_TRUE(is_private_host("localhost"));
  EXPECT_FALSE(is_private_host("1.1.1.1"));
  EXPECT_FALSE(is_private_host("no-such-host.invalid")) << "who cannot be found is not trusted";
}

}  // namespace
}  // namespace dbr::site
