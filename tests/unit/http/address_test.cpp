// SPDX-License-Identifier: MIT
#include "dbr/http/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace dbr::http {
namespace {

sockaddr_storage address(const std::string& text, int port = 80) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<in_port_t>(port));
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<in_port_t>(port));
  } else {
    ADD_FAILURE() << text;
  }
  return storage;
}

const sockaddr& generic(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr&>(storage);
}

class PublicTest : public ::testing::TestWithParam<const char*> {};
TEST_P(PublicTest, MayBeConnectedTo) {
  EXPECT_TRUE(is_public_address(generic(address(GetParam()))));
  EXPECT_TRUE(may_be_public(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(All, PublicTest,
                         ::testing::Values("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
                                           "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255",
                                           "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
                                           "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
                                           "223.255.255.255", "2606:4700::6810:84e5", "2a00:1450:4001:80b::200e",
                                           "2001:200::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"));

class PrivateTest : public ::testing::TestWithParam<const char*> {};
TEST_P(PrivateTest, MustNotBeConnectedTo) {
  EXPECT_FALSE(is_public_address(generic(address(GetParam()))));
  EXPECT_FALSE(may_be_public(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(
    All, PrivateTest,
    ::testing::Values("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
                      "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
                      "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
                      "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
                      "::127.0.0.1", "::8.8.8.8", "fe80::1", "febf::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
                      "2001::1", "2001:db8::1", "2001:10::1", "3fff::1", "100::1", "5f00::1", "64:ff9b:1::808:808",
                      "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
                      "64:ff9b::7f00:1", "2002:7f00:1::1", "2002:a00:1::1"));

TEST(AddressTest, OtherFamiliesAreNotPublic) {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  EXPECT_FALSE(is_public_address(generic(storage)));
  EXPECT_EQ(describe_address(generic(storage)), "?");
}

TEST(AddressTest, NamesForThisMachineAreNotPublic) {
  EXPECT_FALSE(may_be_public("localhost"));
  EXPECT_FALSE(may_be_public("localhost."));
  EXPECT_FALSE(may_be_public("a.localhost"));
  EXPECT_FALSE(may_be_public("fe80::1%eth0"));
  EXPECT_TRUE(may_be_public("localhost.example"));
  EXPECT_TRUE(may_be_public("cdn.donmai.us"));
}

TEST(AddressTest, EndpointsAreAddressAndPort) {
  EXPECT_TRUE(is_same_endpoint(generic(address("127.0.0.1", 3128)), generic(address("127.0.0.1", 3128))));
  EXPECT_FALSE(is_same_endpoint(generic(address("127.0.0.1", 3128)), generic(address("127.0.0.1", 80))));
  EXPECT_FALSE(is_same_endpoint(generic(address("127.0.0.1", 3128)), generic(address("127.0.0.2", 3128))));
  EXPECT_TRUE(is_same_endpoint(generic(address("::1", 1)), generic(address("::1", 1))));
  EXPECT_FALSE(is_same_endpoint(generic(address("::1", 1)), generic(address("::2", 1))));
  EXPECT_FALSE(is_same_endpoint(generic(address("::1", 1)), generic(address("127.0.0.1", 1))));
  EXPECT_EQ(describe_address(generic(address("::ffff:10.0.0.1"))), "::ffff:10.0.0.1");
}

}  // namespace
}  // namespace dbr::http
